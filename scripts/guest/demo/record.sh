#!/bin/sh
# What the guest runs: the workload, and ebtop recording it. Usage: record REFRESHES
workload 2>/dev/null
sleep 3
bin/ebtop --json --record /tmp/demo.ebtop --count "$1" >/dev/null && give /tmp/demo.ebtop
