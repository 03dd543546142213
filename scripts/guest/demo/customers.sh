#!/bin/sh
# Customers who buy eight things and leave.
while :; do
	buyer 8 30
	/bin/sleep 1.5
done
