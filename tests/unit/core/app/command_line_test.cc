#include "core/app/command_line.h"

#include <doctest/doctest.h>

namespace sluice {
namespace {

using Action = CommandLine::Action;

CommandLine parsed(const std::vector<std::string>& arguments) {
  const auto command = parse_command_line(arguments);
  if (!command) FAIL(command.error().text);
  return *command;
}

}  // namespace

TEST_CASE("an option's argument stands behind it or behind an equals sign") {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--config", "a.yaml"}, {"--config=a.yaml"}, {"-c", "a.yaml"}, {"-ca.yaml"}}) {
    const CommandLine command = parsed(arguments);
    CHECK(command.action == Action::run);
    CHECK(command.config_file == "a.yaml");
  }
}

TEST_CASE("what is asked for instead of running needs no configuration") {
  CHECK(parsed({"--help"}).action == Action::help);
  CHECK(parsed({"-h"}).action == Action::help);
  CHECK(parsed({"--version"}).action == Action::version);
  CHECK(parsed({"--print-defaults"}).action == Action::print_defaults);
  const CommandLine check = parsed({"--check", "a.yaml"});
  CHECK(check.action == Action::check);
  CHECK(check.config_file == "a.yaml");
}

TEST_CASE("what cannot be understood is named, and --help with it") {
  struct Case {
    std::vector<std::string> arguments;
    std::string named;
  };
  for (const Case& wrong : std::vector<Case>{{{}, "--config FILE"},
                                             {{"--config"}, "config"},
                                             {{"--check"}, "check"},
                                             {{"--bogus"}, "bogus"},
                                             {{"stray"}, "'stray'"},
                                             {{"-c", "a.yaml", "b.yaml"}, "'b.yaml'"}}) {
    CAPTURE(wrong.named);
    const auto command = parse_command_line(wrong.arguments);
    REQUIRE(!command);
    CHECK(command.error().text.find(wrong.named) != std::string::npos);
    CHECK(command.error().text.ends_with("see --help"));
    CHECK(command.error().text.find('\n') == std::string::npos);
  }
}

}  // namespace sluice
