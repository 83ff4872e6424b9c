#!/usr/bin/env python3
"""Loads a sharded model of 2 GB with cpet and with safetensors + transformers, page cache warm.

    integration-tests/bench/loading.py FOLDER --pairs 3

Writes the model into FOLDER on the first run (LLaMA architecture, random float32 weights, four shards) and then loads it
in turns: 'cpet bench --load FOLDER' and AutoModelForCausalLM.from_pretrained, each in a process of its own, each touching
every page of every weight once. Needs the Python packages torch, transformers and safetensors for the other side.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

CPET = pathlib.Path(__file__).resolve().parents[2] / "cpet"

OTHER = """
import json, sys, time
begin = time.perf_counter()
import torch, transformers
imported = time.perf_counter()
model = transformers.AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
loaded = time.perf_counter()
total = sum(float(p.detach().sum()) for p in model.parameters())
touched = time.perf_counter()
print(json.dumps({"load_s": loaded - imported, "touched_s": touched - imported, "startup_s": loaded - begin, "sum": total}))
"""

CONFIG = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 32000, "hidden_size": 2048,
    "intermediate_size": 5632, "num_hidden_layers": 9, "num_attention_heads": 32, "num_key_value_heads": 4,
    "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "hidden_act": "silu", "tie_word_embeddings": False,
    "torch_dtype": "float32",
}


def write(folder):
    import torch
    from safetensors.torch import save_file
    hidden, inner, groups = CONFIG["hidden_size"], CONFIG["intermediate_size"], 256
    shapes = {"model.embed_tokens.weight": (32000, hidden), "model.norm.weight": (hidden,)}
    for i in range(CONFIG["num_hidden_layers"]):
        at = f"model.layers.{i}."
        shapes |= {
            at + "self_attn.q_proj.weight": (hidden, hidden), at + "self_attn.k_proj.weight": (groups, hidden),
            at + "self_attn.v_proj.weight": (groups, hidden), at + "self_attn.o_proj.weight": (hidden, hidden),
            at + "mlp.gate_proj.weight": (inner, hidden), at + "mlp.up_proj.weight": (inner, hidden),
            at + "mlp.down_proj.weight": (hidden, inner),
            at + "input_layernorm.weight": (hidden,), at + "post_attention_layernorm.weight": (hidden,),
        }
    shapes["lm_head.weight"] = (32000, hidden)
    names, index = list(shapes), {}
    for shard in range(4):
        file = f"model-{shard + 1:05d}-of-00004.safetensors"
        part = {name: torch.randn(shapes[name]) * 0.02 for name in names[shard::4]}
        save_file(part, folder / file, metadata={"format": "pt"})
        index |= {name: file for name in part}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    (folder / "config.json").write_text(json.dumps(CONFIG))


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        sys.exit(f"{command}: exit code {done.returncode}\n{done.stderr[-1500:]}")
    return json.loads(lines[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--pairs", type=int, default=3)
    given = parser.parse_args()
    if not (given.folder / "config.json").exists():
        given.folder.mkdir(parents=True, exist_ok=True)
        write(given.folder)
    size = sum(file.stat().st_size for file in given.folder.glob("*.safetensors"))
    for file in given.folder.glob("*.safetensors"):
        file.read_bytes()  # into the page cache
    pairs = []
    for _ in range(given.pairs):
        ours = run([str(CPET), "bench", "--load", str(given.folder), "--json"])
        other = run([sys.executable, "-c", OTHER, str(given.folder)])
        pairs.append((ours, other))
    print(f"{size / 1e9:.2f} GB in 4 shards, {given.pairs} pairs")
    print("| | cpet s | other s | ratio |")
    print("|---|---|---|---|")
    for key, title in (("load_s", "mapped and ready"), ("touched_s", "and every weight read once"),
                       ("startup_s", "from the start of the process")):
        a, b = (statistics.median(pair[side][key] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(x[key] / y[key] for x, y in pairs)
        print(f"| {title} | {a:.3f} | {b:.3f} | {ratio:.3f} |")


if __name__ == "__main__":
    main()
