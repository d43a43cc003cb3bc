# Two commands do all on a fresh machine: `make demo` and `make test`.
JOBS ?= $(shell nproc)
SWIFT_FLAGS = -j $(JOBS)
# Tests against the clock, with sockets and disks, and with programs of their own: each kind one after the other.
LINKS = (Modbus|Web|Feeds|History)Tests
PROGRAMS = greensplitTests

.PHONY: demo test test-programs test-links test-sumo test-console test-report test-protocol test-packages build lint \
  format schemas peers oracle bench bench-feeds bench-split bench-cabinets bench-sumo bench-cameras bench-queues \
  bench-console bench-replay sumo browser console prove fuzz endurance tsan asan setup clean program install deb packages

## An hour of traffic at one junction, over real Modbus TCP, in about a minute.
demo: build
	.build/release/greensplit demo

## All tests.
test: setup peers sumo browser console
	swift build $(SWIFT_FLAGS) --build-tests
	swift test --skip-build --disable-xctest --parallel --skip '$(LINKS)' --skip '$(PROGRAMS)'
	$(MAKE) -j $(JOBS) --output-sync=target test-programs test-links test-sumo test-console test-report test-protocol

# Parts of `make test`, which builds what they need, beside each other: the first, which takes as long as all others
# together, waits most of the time, and each of the others keeps one core busy at most. Nothing is built, so that two
# may use one scratch folder (--ignore-lock); the plus shows the longest as it runs, and runs it under `make -n` too.
test-programs:
	+swift test --skip-build --ignore-lock --disable-xctest --no-parallel --filter '$(PROGRAMS)'

test-links:
	swift test --skip-build --ignore-lock --disable-xctest --no-parallel --filter '$(LINKS)'

test-sumo:
	.sumo/bin/python -B -m unittest discover -s Tests/sumo

test-console:
	.console/bin/python -B -m unittest discover -s Tests/console

test-report:
	python3 -B -m unittest discover -s Tests/report

test-protocol:
	python3 -B -m unittest discover -s Tests/protocol

## The release build of the daemon and its tool; Swift's own libraries are in it, so it runs where no Swift is.
build: setup program

program:
	swift build $(SWIFT_FLAGS) -c release --product greensplit --static-swift-stdlib

# Where things are installed: `make install DESTDIR=… prefix=/usr` for packages.
prefix ?= /usr/local
unitdir ?= $(prefix)/lib/systemd/system
PROGRAM ?= .build/release/greensplit
share = $(DESTDIR)$(prefix)/share
configuration = $(DESTDIR)/etc/greensplit

## Program, units, manual pages, completion, documents, examples; a configuration that is there stays.
## Build first: `make build && sudo make install`.
install:
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(prefix)/bin/greensplit
	install -d $(DESTDIR)$(unitdir) $(share)/man/man1 $(share)/man/zh_CN/man1 $(share)/bash-completion/completions
	sed 's,/usr/bin/,$(prefix)/bin/,' systemd/greensplit.service >$(DESTDIR)$(unitdir)/greensplit.service
	sed -e '/make install/d; s,^Description=.*,& (%i),; s,/etc/greensplit/,&%i/,' \
	  -e 's,^StateDirectory=.*,&/%i,; s,^RuntimeDirectory=.*,&-%i,' \
	  $(DESTDIR)$(unitdir)/greensplit.service >$(DESTDIR)$(unitdir)/greensplit@.service
	install -D -m 644 systemd/sysusers.conf $(DESTDIR)$(prefix)/lib/sysusers.d/greensplit.conf
	install -D -m 644 systemd/tmpfiles.conf $(DESTDIR)$(prefix)/lib/tmpfiles.d/greensplit.conf
	$(PROGRAM) --manual-page --lang en >$(share)/man/man1/greensplit.1
	$(PROGRAM) --manual-page --lang zh >$(share)/man/zh_CN/man1/greensplit.1
	$(PROGRAM) --bash-completion >$(share)/bash-completion/completions/greensplit
	install -d $(configuration)/intersections
	test -e $(configuration)/greensplit.yaml || install -m 644 systemd/greensplit.yaml $(configuration)
	install -m 644 intersections/J001.yaml $(configuration)/intersections/J001.yaml.example
	install -d $(share)/doc/greensplit/examples
	cp -r README.md README.zh-CN.md CHANGELOG.md docs/* $(share)/doc/greensplit
	cp -r intersections $(share)/doc/greensplit/examples
	install -D -m 644 -t $(share)/doc/greensplit/examples/simulations simulations/*.yaml
	chmod -R u=rwX,go=rX $(share)/doc/greensplit

## The Debian package, in .build/deb: what is built already, packed without the network.
deb: build
	@.ci/setup debhelper
	rm -rf .build/deb
	mkdir -p .build/deb/source
	cp -r debian systemd docs intersections simulations Makefile README.md README.zh-CN.md CHANGELOG.md .build/deb/source
	cd .build/deb/source && PROGRAM=$(CURDIR)/.build/release/greensplit dpkg-buildpackage --build=binary --no-sign --no-check-builddeps
	rm -rf .build/deb/source

## The package held to its promises: lintian, sandbox, upgrade, removal, the handbook's first chapter under a real systemd.
packages: deb
	$(MAKE) test-packages

# Of the package that is there.
test-packages:
	@.ci/setup lintian systemd-container
	python3 -B -m unittest discover -v -s Tests/packaging

## Formatting and naming rules; changes nothing.
lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift

## The JSON Schemas for editors, from the tables of keys that the readers convert by.
schemas: build
	for kind in site profile daemon; do .build/release/greensplit check --schema $$kind > docs/schemas/$$kind.schema.json; done

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

## A day of a hundred junctions recorded (3 GB in .build) and decided again (docs/replay.md); PACE is stage unless told.
bench-replay: build
	python3 -B Tests/replay/day.py intersections/J001.yaml .build/day.yaml
	rm -f .build/day.db .build/day.db-wal .build/day.db-shm
	.build/release/greensplit simulate .build/day.yaml --alone --pace $${PACE:-stage} --history .build/day.db
	bash -c 'time .build/release/greensplit replay .build/day.db'

## What failing cameras cost (docs/camera-failures.md): minutes.
bench-cameras: build
	.build/release/greensplit bench cameras simulations/rush-hour.yaml --seeds 5

## How far estimated queues are off the traffic model's (docs/detector-health.md).
bench-queues: build
	.build/release/greensplit bench queues simulations/rush-hour.yaml
	.build/release/greensplit bench queues simulations/oversaturated.yaml

## The traffic simulator SUMO and its Python side, from PyPI, pinned.
sumo: setup
	@.ci/venv .sumo simulations/sumo/requirements.txt

## What drives the browser, and asks the API, in the tests of the console, from PyPI, pinned.
console: browser
	@.ci/venv .console Tests/console/requirements.txt

## The console with 1,000 junctions (JUNCTIONS): its first view, and what it takes to keep it live; three minutes.
bench-console: build console
	.console/bin/python -B Tests/console/bench.py $(or $(JUNCTIONS),1000)

## A browser for the tests of reports and of the console, and Chinese letters for it.
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

## The tests under the thread and the address sanitizer. Of whole programs no leaks are told: what a Swift enumeration
## holds when they end counts as lost, for its address is kept with the case in the spare bits.
tsan: setup peers
	swift test $(SWIFT_FLAGS) --disable-xctest --sanitize=thread --scratch-path .build-tsan \
	  --no-parallel --skip '$(PROGRAMS)'

asan: setup peers
	LSAN_OPTIONS=suppressions=$(CURDIR)/.ci/leaks.supp:print_suppressions=0 \
	  swift test $(SWIFT_FLAGS) --disable-xctest --sanitize=address --scratch-path .build-asan \
	  --no-parallel --skip '$(PROGRAMS)'
	ASAN_OPTIONS=detect_leaks=0 \
	  swift test $(SWIFT_FLAGS) --disable-xctest --sanitize=address --scratch-path .build-asan \
	  --no-parallel --filter '$(PROGRAMS)'

setup:
	@.ci/setup

clean:
	rm -rf .build .build-tsan .build-asan .build-fuzz .venv .oracle .sumo .console
