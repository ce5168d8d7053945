# Each target is one or two commands that also work typed by hand.
.DEFAULT_GOAL := help
export CGO_ENABLED ?= 0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## the static binary ./spidsim
	go build -trimpath -ldflags '$(LDFLAGS)' -o spidsim .

.PHONY: run
run: build ## build, then start everything: http://localhost:8088 and http://localhost:8089
	./spidsim serve

.PHONY: generate
generate: ## templ pages
	go tool templ generate -path templates

.PHONY: tools
tools: ## the programs that the tests need (Debian, as root), or one line that says what to install
	@sh e2e/tools.sh

.PHONY: lint
lint: ## gofmt, vet, staticcheck, generated files fresh
	@test -z "$$(gofmt -l $$(git ls-files '*.go' | grep -v _templ.go))" || { gofmt -l $$(git ls-files '*.go' | grep -v _templ.go); echo "gofmt would change these files"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go tool templ generate -path templates >/dev/null
	@git diff --exit-code --stat -- 'templates/*_templ.go' || { echo "generated pages are stale: commit what make generate writes"; exit 1; }

.PHONY: test
test: tools lint build ## everything: lint, unit tests, race detector where it matters, browser and peers
	go test -timeout 8m ./...
	CGO_ENABLED=1 go test -race -timeout 8m -short ./internal/store/... ./internal/outbox ./internal/clock ./idp ./sp ./onboarding
	cd e2e && go vet ./... && go test -timeout 15m ./...
	cd e2e/peers && go vet ./... && go test -timeout 8m ./...

.PHONY: e2e
e2e: tools build ## the browser tests alone
	cd e2e && go test -count=1 ./...

.PHONY: bench
bench: ## figures, as multiples of one RSA-2048 signature timed in the same run
	go test -run '^$$' -bench . -benchtime 2s ./idp

.PHONY: fuzz
fuzz: ## every fuzz target, a minute each
	@for pkg in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
		go test -run '^$$' -fuzz "^$$f$$" -fuzztime 1m -fuzzminimizetime 1x $$pkg || exit 1; done; done

.PHONY: cover
cover: ## test coverage by package
	go test -cover ./...

.PHONY: clean
clean: ## what was built, never the data folder
	rm -rf spidsim dist artifacts coverage.out
