#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# CUPS knows the backend and the driver, and its web interface shows the queue.
. "$(dirname "$0")/lib/scenario.sh"
rig r
like "$(lpinfo --include-schemes release -v)" 'release:/' "lpinfo -v lists the backend"
like "$(lpinfo -m)" 'cups-release/release\.ppd .*[Rr]elease' "lpinfo -m lists the driver"
ok "the driver is a valid PPD" cupstestppd -q -W all "$R/cups/data/model/cups-release/release.ppd"
like "$(lpstat -v FollowMe)" 'release:/' "the queue has our URI"
like "$(curl -sS "${RIG_WEB_URL}printers/FollowMe")" 'FollowMe' "the web interface shows it"
like "$(CUPS_SERVER=$(sed "s,http://,,;s,/,," <<<"$RIG_WEB_URL") lpoptions -p FollowMe -l)" 'Duplex' "clients see its options"
like "$(ipptool -tv "$RIG_IPP_URL" get-printer-attributes.test | grep job-password-supported)" '4' "and that it takes a PIN of four digits"
