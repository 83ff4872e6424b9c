#!/usr/bin/env bash
# JMH benchmarks of the kernels behind Ops. Arguments go to JMH: a pattern of names, -p shape=512x768x768, -f 1, ...
set -euo pipefail
cd "$(dirname "$0")/../.."
mvn -B -ntp -q -Pjmh -DskipTests package
tests=integration-tests/target
exec java -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dai.djl.offline=true \
  -cp "$tests/test-classes:$tests/classes:$(cat "$tests/jmh.classpath")" org.openjdk.jmh.Main "$@"
