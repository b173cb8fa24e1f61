# Building is cargo's work; this puts the files where a system looks for them.
#
#   make                                          build
#   make install PREFIX=$HOME/.local              for one user
#   make install PREFIX=/usr DESTDIR=build/root   for a package
#   make uninstall                                takes the same files away

PREFIX = /usr/local
DESTDIR =
CARGO = cargo
INSTALL = install
# Where the binary is built; CARGO_FLAGS=--target=… puts it elsewhere.
CARGO_FLAGS =
BINARY = target/release/mksecret

root = $(DESTDIR)$(PREFIX)
bin = $(root)/bin
share = $(root)/share
pages = $(notdir $(wildcard man/*.1))

build:
	$(CARGO) build --release --locked $(CARGO_FLAGS)

$(BINARY):
	$(MAKE) build

# kubectl runs its plugin mksecret as kubectl-mksecret, and asks kubectl_complete-mksecret for its
# words.
install: $(BINARY)
	$(INSTALL) -d "$(bin)" "$(share)/man/man1" "$(share)/bash-completion/completions" \
		"$(share)/zsh/site-functions" "$(share)/fish/vendor_completions.d" \
		"$(share)/elvish/lib" "$(share)/mksecret"
	$(INSTALL) -m 755 "$(BINARY)" "$(bin)/mksecret"
	ln -sf mksecret "$(bin)/kubectl-mksecret"
	$(INSTALL) -m 755 completions/kubectl_complete-mksecret "$(bin)"
	$(INSTALL) -m 644 completions/mksecret.bash "$(share)/bash-completion/completions/mksecret"
	ln -sf mksecret "$(share)/bash-completion/completions/kubectl-mksecret"
	$(INSTALL) -m 644 completions/_mksecret "$(share)/zsh/site-functions"
	$(INSTALL) -m 644 completions/mksecret.fish "$(share)/fish/vendor_completions.d"
	$(INSTALL) -m 644 completions/mksecret.elv "$(share)/elvish/lib"
	$(INSTALL) -m 644 completions/mksecret.ps1 "$(share)/mksecret"
	$(INSTALL) -m 644 $(addprefix man/,$(pages)) "$(share)/man/man1"

uninstall:
	rm -f "$(bin)/mksecret" "$(bin)/kubectl-mksecret" "$(bin)/kubectl_complete-mksecret" \
		"$(share)/bash-completion/completions/mksecret" \
		"$(share)/bash-completion/completions/kubectl-mksecret" \
		"$(share)/zsh/site-functions/_mksecret" \
		"$(share)/fish/vendor_completions.d/mksecret.fish" \
		"$(share)/elvish/lib/mksecret.elv" "$(share)/mksecret/mksecret.ps1" \
		$(foreach page,$(pages),"$(share)/man/man1/$(page)")
	-rmdir "$(share)/mksecret"

.PHONY: build install uninstall
