#include <doctest/doctest.h>

#include "core/config/gateway_config.h"
#include "core/config/include_loader.h"
#include "tests/unit/core/config/fake_source.h"

namespace sluice::config {
namespace {

std::string problems(const FakeSource& fake, const std::string& path = "etc/main.yaml") {
  const auto config = load_gateway_config(path, fake.source());
  return config ? "valid" : config.error().to_string();
}

GatewayOptions options(const FakeSource& fake) {
  auto config = load_gateway_config("etc/main.yaml", fake.source());
  if (!config) FAIL(config.error().to_string());
  return config->options;
}

}  // namespace

TEST_CASE("a file overrides what it includes, key by key") {
  FakeSource fake;
  fake.file("etc/main.yaml", "include: base.yaml\nlog: {level: debug}\n")
      .file("etc/base.yaml", "log: {level: error, format: json}\nhttp: {threads: 3}\n");
  const auto read = options(fake);
  CHECK(read.log.level == LogLevel::debug);
  CHECK(read.log.format == LogFormat::json);
  CHECK(read.http.threads == 3);
}

TEST_CASE("of several included files the later one overrides the earlier one") {
  FakeSource fake;
  fake.file("etc/main.yaml", "include: [a.yaml, sub/b.yaml]\n")
      .file("etc/a.yaml", "http: {threads: 3, public: {port: 1}}\n")
      .file("etc/sub/b.yaml", "include: ../c.yaml\nhttp: {threads: 4}\n")
      .file("etc/c.yaml", "gateway: {name: c}\nhttp: {threads: 5}\n");
  const auto read = options(fake);
  CHECK(read.http.threads == 4);
  CHECK(read.http.public_.port == 1);
  CHECK(read.gateway.name == "c");
}

TEST_CASE("lists are replaced as a whole, and a section left empty forgets nothing") {
  FakeSource fake;
  fake.file("etc/main.yaml", "include: a.yaml\nplugin_dirs: [c]\nplugins: {echo: }\n")
      .file("etc/a.yaml", "plugin_dirs: [a, b]\nplugins: {echo: {optional: true}}\n");
  const auto read = options(fake);
  CHECK(read.plugin_dirs == std::vector<std::string>{"c"});
  CHECK(read.plugins.at("echo").optional);
}

TEST_CASE("an error names the file in which the value stands") {
  FakeSource fake;
  fake.file("etc/main.yaml", "include: a.yaml\nhttp: {public: {port: 99999}}\n")
      .file("etc/a.yaml", "# first\nhttp:\n  threads: 0\n");
  CHECK(problems(fake) ==
        "etc/main.yaml:2:23: key 'http.public.port' must be between 0 and 65535\n"
        "etc/a.yaml:3:12: key 'http.threads' must be between 1 and 64");
}

TEST_CASE("a file that includes itself is an error, directly or not") {
  FakeSource fake;
  fake.file("etc/main.yaml", "include: [./main.yaml, a.yaml]\n").file("etc/a.yaml", "include: ../etc/main.yaml\n");
  CHECK(problems(fake) ==
        "etc/main.yaml:1:11: include 'etc/main.yaml' includes itself\n"
        "etc/a.yaml:1:10: include 'etc/main.yaml' includes itself");
}

TEST_CASE("an include that is missing, or no path, is an error at its place") {
  FakeSource fake;
  fake.file("etc/main.yaml", "include: [no.yaml, {}, '']\n");
  CHECK(problems(fake) ==
        "etc/main.yaml:1:11: include 'etc/no.yaml': No such file or directory\n"
        "etc/main.yaml:1:20: key 'include' must be a path or a list of paths\n"
        "etc/main.yaml:1:24: key 'include' must be a path or a list of paths");
  CHECK(problems(fake, "absent.yaml") == "absent.yaml: No such file or directory");
}

TEST_CASE("the number of files is bounded, so that includes of includes cannot multiply for ever") {
  FakeSource fake;
  fake.file("etc/main.yaml", "include: [a0.yaml, a0.yaml]\n");
  for (int i = 0; i < 20; ++i) {
    const std::string next = "a" + std::to_string(i + 1) + ".yaml";
    fake.file("etc/a" + std::to_string(i) + ".yaml", "include: [" + next + ", " + next + "]\n");
  }
  fake.file("etc/a20.yaml", "");
  CHECK(problems(fake).find("more than 64 files are included") != std::string::npos);
}

TEST_CASE("an include may be an absolute path, and may come from the environment") {
  FakeSource fake;
  fake.file("etc/main.yaml", "include: ${SITE:-/srv/site.yaml}\n").file("/srv/site.yaml", "http: {threads: 7}\n");
  CHECK(options(fake).http.threads == 7);
}

}  // namespace sluice::config
