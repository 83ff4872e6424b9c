#!/usr/bin/env bash
# Compiles DJL's JNI library for a torch that DJL has no ready one for, and lays it beside that torch's libraries.
#
#   integration-tests/gpu/build-jni.sh TORCH [DJL]
#
# TORCH  folder of an installed torch, .../site-packages/torch
# DJL    a checkout of https://github.com/deepjavalibrary/djl at the release this project uses; cloned without it
#
# Needs g++ with C++20, a JDK 17 and, for the clone, git and a network; no nvcc and no driver. For a CUDA build of torch,
# pip's nvidia-cuda-runtime, nvidia-cuda-crt and friends must lie beside torch, as pip installs them. Takes some minutes.
set -euo pipefail
release=0.35.1
[ $# -ge 1 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2; }
torch=$(cd "$1" && pwd) || exit 2
[ -f "$torch/version.py" ] || { echo "build-jni: $torch; found no version.py; allowed the folder of an installed torch" >&2; exit 2; }
javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac
for tool in g++ "$javac"; do
  command -v "$tool" >/dev/null || { echo "build-jni: no $tool found" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
djl=${2:-}
if [ -z "$djl" ]; then
  djl=$work/djl
  git -c advice.detachedHead=false clone -q --depth 1 --branch "v$release" https://github.com/deepjavalibrary/djl "$djl" \
    || { echo "build-jni: DJL's sources cannot be fetched; give a checkout of tag v$release as second argument" >&2; exit 2; }
fi
native=$djl/engines/pytorch/pytorch-native/src/main/native
java=$djl/engines/pytorch/pytorch-engine/src/main/java
[ -d "$native" ] || { echo "build-jni: $djl; found no engines/pytorch/pytorch-native; allowed a checkout of DJL" >&2; exit 2; }

mkdir "$work/headers" "$work/classes" "$work/objects"
"$javac" -h "$work/headers" -d "$work/classes" -sourcepath "$java:$djl/api/src/main/java" \
  -proc:none -implicit:none "$java/ai/djl/pytorch/jni/PyTorchLibrary.java"
jdk=$(dirname "$(dirname "$(readlink -f "$(command -v "$javac")")")")
site=$(dirname "$torch")
flags=(-std=c++20 -O2 -fPIC -D_GLIBCXX_USE_CXX11_ABI=1 -w
  -I"$torch/include" -I"$torch/include/torch/csrc/api/include" -I"$work/headers" -I"$native" -I"$djl/api/src/main/native"
  -I"$jdk/include" -I"$jdk/include/linux")
libraries=(-ltorch -ltorch_cpu -lc10)
if [ -e "$torch/lib/libtorch_cuda.so" ]; then
  flags+=(-DUSE_CUDA)
  for include in "$site"/nvidia/cu*/include "$site"/nvidia/*/include; do
    [ -d "$include" ] && flags+=(-I"$include")
  done
  libraries+=(-ltorch_cuda -lc10_cuda)
fi
for source in "$native"/*.cc; do
  echo "build-jni: $(basename "$source")"
  g++ "${flags[@]}" -c "$source" -o "$work/objects/$(basename "$source").o"
done
# shellcheck disable=SC2016
g++ -shared -o "$work/libdjl_torch.so" "$work"/objects/*.o -L"$torch/lib" -Wl,--no-as-needed "${libraries[@]}" -Wl,-rpath,'$ORIGIN'
strip "$work/libdjl_torch.so"
mv "$work/libdjl_torch.so" "$torch/lib/libdjl_torch.so"
echo "build-jni: wrote $torch/lib/libdjl_torch.so; now"
echo "  export PYTORCH_LIBRARY_PATH=$torch/lib"
echo "  ./cpet doctor"
