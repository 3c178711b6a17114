#!/usr/bin/env bash
# What twenty apps are without Berth: `twenty.sh TEMPLATE DIR FIRST_PORT` copies the template with hard links and starts it
# with pm2, twenty times. PM2 names the command; COPY another way to copy.
set -euo pipefail
template=$1 directory=$2 first=$3
for i in $(seq 0 19); do
    ${COPY:-cp -al} "$template" "$directory/app-$i"
    (
        cd "$directory/app-$i"
        PORT=$((first + i)) $PM2 start npm --name "app-$i" --namespace app-orchestrator --no-autorestart -- run dev
    )
done
