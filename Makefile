# Two commands do all on a fresh machine: `make demo` and `make test`.
JOBS ?= $(shell nproc)
SWIFT_FLAGS = -j $(JOBS)
# Tests against the clock, with sockets, disks and processes: they run one after the other, with nothing beside them.
CLOCKED = (Modbus|Feeds|History|greensplit)Tests

.PHONY: demo test build lint format schemas peers oracle bench bench-feeds bench-split bench-cabinets bench-sumo bench-cameras \
  sumo browser prove fuzz \
  endurance tsan asan setup clean

## An hour of traffic at one junction, over real Modbus TCP, in about a minute.
demo: build
	.build/release/greensplit demo

## All tests.
test: setup peers sumo browser
	swift build $(SWIFT_FLAGS) --build-tests
	swift test --skip-build --disable-xctest --parallel --skip '$(CLOCKED)'
	swift test --skip-build --disable-xctest --no-parallel --filter '$(CLOCKED)'
	.sumo/bin/python -m unittest discover -s Tests/sumo
	python3 -B -m unittest discover -s Tests/report
	python3 -B -m unittest discover -s Tests/protocol

## The release build of the daemon and its tool.
build: setup
	swift build $(SWIFT_FLAGS) -c release --product greensplit

## Formatting and naming rules; changes nothing.
lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift

## The JSON Schemas for editors, from the tables of keys that the readers convert by.
schemas: build
	for kind in site profile; do .build/release/greensplit check --schema $$kind > docs/schemas/$$kind.schema.json; done

## Independent protocol peers for the tests, from PyPI, pinned.
peers: setup
	@.ci/venv .venv Tests/peers/requirements.txt

## Solvers that share no code with ours, from PyPI, pinned.
oracle: setup
	@.ci/venv .oracle Tests/oracle/requirements.txt

## The numeric core on this machine: times, quality, a city; other solvers; instruction counts.
bench: build bench-split
	@.ci/setup valgrind
	.build/release/greensplit bench core
	.ci/instructions .build/release/greensplit

## Records a second through each feed on this machine.
bench-feeds: build
	.build/release/greensplit bench feeds

## Links to 1,000, 5,000 and 10,000 simulated cabinets, beside a plain C client on epoll; five minutes.
bench-cabinets: build
	gcc -O2 -Wall -Wextra -Werror -o .build/epoll_client Tests/links/epoll_client.c
	.build/release/greensplit bench cabinets --beside .build/epoll_client

## Our split solver beside SciPy and CVXPY with Clarabel, over the same problems.
bench-split: oracle
	swift build $(SWIFT_FLAGS) -c release --product SplitTimes
	.oracle/bin/python -B Tests/oracle/bench.py .build/release/SplitTimes

## Greensplit at every pace on the SUMO scenarios in $SUMO_SCENARIOS, beside SUMO's own controls, five seeds each.
bench-sumo:
	@if [ -d "$${SUMO_SCENARIOS:-}" ]; then \
	  $(MAKE) build sumo && .sumo/bin/python -B simulations/sumo/bench.py; \
	else echo "bench-sumo: skipped: SUMO_SCENARIOS names no folder; name one with a folder for each .sumocfg"; fi

## What failing cameras cost (docs/camera-failures.md): minutes.
bench-cameras: build
	.build/release/greensplit bench cameras simulations/rush-hour.yaml --seeds 5

## The traffic simulator SUMO and its Python side, from PyPI, pinned.
sumo: setup
	@.ci/venv .sumo simulations/sumo/requirements.txt

## A browser for the tests of reports, and Chinese letters for it.
browser: setup
	@.ci/setup chromium fonts-wqy-microhei

## The exchange of plans searched by spin under larger bounds than in the tests: minutes, some gigabytes.
prove: setup
	python3 -B Tests/protocol/prove.py

## Readers of what comes from outside, fed by libFuzzer for FUZZ_SECONDS each, one after the other: all, or
## those that FUZZ_TARGETS names. FUZZ_CORPUS=1 then writes what was found of use to Tests/Fuzz/corpus.
fuzz: setup
	@.ci/fuzz $(JOBS)

## Connections lost in every way, a million of them: ten minutes.
endurance: setup
	GREENSPLIT_RECONNECTS=1000000 swift test $(SWIFT_FLAGS) --disable-xctest --filter ReconnectTests

## The tests under the thread and the address sanitizer.
tsan: setup peers
	swift test $(SWIFT_FLAGS) --disable-xctest --sanitize=thread --scratch-path .build-tsan \
	  --no-parallel --skip greensplitTests

asan: setup peers
	LSAN_OPTIONS=suppressions=$(CURDIR)/.ci/leaks.supp:print_suppressions=0 \
	  swift test $(SWIFT_FLAGS) --disable-xctest --sanitize=address --scratch-path .build-asan \
	  --no-parallel

setup:
	@.ci/setup

clean:
	rm -rf .build .build-tsan .build-asan .build-fuzz .venv .oracle .sumo
