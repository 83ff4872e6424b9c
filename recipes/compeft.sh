#!/usr/bin/env bash
# Trains three experts on the quickstart's backbone, compresses them, merges them, and measures the merged ones on a task
# that none of them saw. Prints the tables of docs/benchmarks.md, section "Compressed adapters".
#
#   recipes/compeft.sh [OUTPUT]          a few minutes on two cores
#
# Experts: which creature is heavier, have two the same age, have two the same speed. Held out: have two the same weight.
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-runs/compeft}
cpet=${CPET:-./cpet}
mkdir -p "$output"
output=$(cd "$output" && pwd)
trap 'echo "failed; the newest log in $output says why" >&2' ERR

train() { # task, where to
  [ -e "$2/result.json" ] ||
    $cpet run recipes/compeft-expert.yaml --set "data.path=quickstart/$1" --output "$2" >"$2.log" 2>&1
}
score() { # task, adapter: accuracy on the task's test rows
  $cpet evaluate "$output/$(basename "$1")" --paradigm teacher --adapter "$2" \
    --data "recipes/quickstart/$1/test.creatures" 2>/dev/null | awk '$1 == "accuracy" { printf "%.2f\n", 100 * $2 }'
}
fact() { # adapter, name
  $cpet adapter info "$1" | awk -v name="$2" '$1 == name { print $2 }'
}

experts=(weights same/age same/speed)
heldout=same/weight
for task in "${experts[@]}" "$heldout"; do
  train "$task" "$output/$(basename "$task")"
done

echo "expert on its own task | density | alpha | accuracy | file bytes | bits a number"
for task in "${experts[@]}"; do
  name=$(basename "$task")
  dense="$output/$name/adapter"
  echo "$name | dense | | $(score "$task" "$dense") | $(fact "$dense" file_bytes) | 32"
  for density in 0.05 0.1 0.2 0.5; do
    small="$output/$name-$density"
    [ -e "$small" ] || $cpet adapter compress --adapter "$dense" --density $density --alpha auto \
      --recipe "$output/$name/recipe.yaml" --output "$small" >"$small.log" 2>&1
    echo "$name | $density | $(fact "$small" alpha) | $(score "$task" "$small") | $(fact "$small" file_bytes) | $(fact "$small" bits_per_parameter)"
  done
done

merge() { # name, how much of the experts, method, its options
  local name=$1 to="$output/$1" form=$2 method=$3
  shift 3
  local adapters=()
  for task in "${experts[@]}"; do
    [ "$form" = dense ] && adapters+=(--adapter "$output/$(basename "$task")/adapter") ||
      adapters+=(--adapter "$output/$(basename "$task")-$form")
  done
  [ -e "$to" ] || $cpet adapter merge "${adapters[@]}" --method "$method" --output "$to" "$@" >"$to.log" 2>&1
  local scores="$(score "$heldout" "$to")"
  for task in "${experts[@]}"; do
    scores="$scores | $(score "$task" "$to")"
  done
  echo "${name%%-*} | $form | $scores"
}

echo
echo "merged | experts | same weight, held out | heavier | same age | same speed"
for form in dense 0.2; do
  [ $form = dense ] && merge none dense task_arithmetic --lambda 0
  merge sum-$form $form task_arithmetic --lambda 0.5
  merge ties-$form $form ties --lambda 1
  merge lorahub-$form $form lorahub --recipe "$output/weight/recipe.yaml" --rows 32
done
for task in "${experts[@]}" "$heldout"; do
  name=$(basename "$task")
  echo "expert $name | dense | $(score "$heldout" "$output/$name/adapter")"
done
