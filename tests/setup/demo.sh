# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
demo_main() { die "not yet"; }
