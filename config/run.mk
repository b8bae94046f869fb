# make run: everything on a fresh machine.

.PHONY: run deps vendor
## run: install what is missing, build, start everything; Ctrl-C ends it
run:
	@config/install.sh run
	@$(MAKE) --no-print-directory all $(stub) vendor
	@BUILD=$(abspath $(BUILD)) exec config/run.sh

## vendor: the page's one library, from npm
vendor: api-server/web/vendor/echarts.esm.min.js
api-server/web/vendor/echarts.esm.min.js: api-server/vendor/package.json api-server/vendor/package-lock.json
	@npm ci --loglevel=error --no-audit --no-fund --prefix api-server/vendor
	@mkdir -p $(@D)
	@cp api-server/vendor/node_modules/echarts/dist/echarts.esm.min.js $@
	@cp api-server/vendor/node_modules/echarts/LICENSE $(@D)/echarts.LICENSE
