#include "core/app/command_line.h"

#include <Poco/Exception.h>
#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionProcessor.h>
#include <Poco/Util/OptionSet.h>

#include <sstream>

namespace sluice {

namespace {

using Poco::Util::Option;

Poco::Util::OptionSet options() {
  Poco::Util::OptionSet set;
  set.addOption(Option{"config", "c", "run with this configuration"}.argument("FILE"));
  set.addOption(Option{"check", "", "check the configuration and its plugins without starting"}.argument("FILE"));
  set.addOption(Option{"print-defaults", "", "write every option with its meaning and default, as YAML"});
  set.addOption(Option{"version", "", "write the version"});
  set.addOption(Option{"help", "h", "write this text"});
  return set;
}

void apply(CommandLine& command, const std::string& name, const std::string& value) {
  using Action = CommandLine::Action;
  if (name == "config") command.config_file = value;
  if (name == "check") command = {.action = Action::check, .config_file = value};
  if (name == "print-defaults") command.action = Action::print_defaults;
  if (name == "version") command.action = Action::version;
  if (name == "help") command.action = Action::help;
}

// What the gateway starts itself with; for nobody else, so --help does not know it (docs/decisions/0013-jobs.md).
bool is_job(const std::vector<std::string>& arguments) { return arguments.size() == 3 && arguments.front() == "--job"; }

}  // namespace

Result<CommandLine, UsageError> parse_command_line(const std::vector<std::string>& arguments) {
  using Action = CommandLine::Action;
  if (is_job(arguments)) return CommandLine{.action = Action::job, .library = arguments[1], .job = arguments[2]};
  CommandLine command;
  const Poco::Util::OptionSet set = options();
  Poco::Util::OptionProcessor processor{set};
  processor.setUnixStyle(true);
  try {
    for (const std::string& argument : arguments) {
      std::string name;
      std::string value;
      if (!processor.process(argument, name, value)) return UsageError{"'" + argument + "' is no option; see --help"};
      if (!name.empty()) apply(command, name, value);
    }
    processor.checkRequired();
    std::string name;
    std::string value;
    static_cast<void>(processor.process("", name, value));
  } catch (const Poco::Exception& error) {
    return UsageError{error.displayText() + "; see --help"};
  }
  const bool needs_file = command.action == Action::run || command.action == Action::check;
  if (needs_file && command.config_file.empty()) return UsageError{"--config FILE is missing; see --help"};
  return command;
}

std::string usage_text() {
  const Poco::Util::OptionSet set = options();
  Poco::Util::HelpFormatter formatter{set};
  formatter.setCommand("sluice");
  formatter.setUnixStyle(true);
  formatter.setUsage("--config FILE");
  formatter.setHeader("Sluice, a media gateway for WebRTC.");
  std::ostringstream out;
  formatter.format(out);
  return out.str();
}

}  // namespace sluice
