#!/usr/bin/env bash
# What some apps are without Berth: `apps.sh TEMPLATE DIR FIRST_PORT COUNT` copies the template with hard links and starts it
# with pm2, as often. PM2 names the command; COPY another way to copy.
set -euo pipefail
template=$1 directory=$2 first=$3 count=$4
for i in $(seq 0 $((count - 1))); do
    ${COPY:-cp -al} "$template" "$directory/app-$i"
    (
        cd "$directory/app-$i"
        PORT=$((first + i)) $PM2 start npm --name "app-$i" --namespace app-orchestrator --no-autorestart -- run dev
    )
done
