#include <signal.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/app/command_line.h"
#include "core/app/gateway.h"
#include "core/app/system_clock.h"
#include "core/config/print_defaults.h"
#include "core/jobs/child_main.h"
#include "core/media/worker/udp_socket.h"
#include "core/net/listener_options.h"
#include "core/plugins/plugin_library.h"
#include "core/plugins/plugin_manager.h"
#include "sluice/plugin.h"

namespace {

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kPortTaken = 2;
constexpr int kWrongArguments = 2;

int check(const std::string& file) {
  const auto config = sluice::config::load_gateway_config(file);
  if (!config) {
    std::cerr << config.error().to_string() << '\n';
    return kFailed;
  }
  if (const std::string problems = sluice::check_parts(*config); !problems.empty()) {
    std::cerr << problems << '\n';
    return kFailed;
  }
  std::cout << file << ": fine\n";
  return kOk;
}

// All is done but for tidying up, during which nobody listens: a second signal must not make it look killed.
void ignore_late_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int late : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, late);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int run(const std::string& file) {
  auto config = sluice::config::load_gateway_config(file);
  if (!config) {
    std::cerr << config.error().to_string() << '\n';
    return kFailed;
  }
  sluice::Gateway gateway{file, std::move(config).value()};
  gateway.run();
  ignore_late_signals();
  return kOk;
}

int run_job(const std::string& file, const std::string& name) {
  auto channels = sluice::inherited_job_channels();
  if (!channels) {
    std::cerr << "sluice: --job is how the gateway starts itself; see --help\n";
    return kWrongArguments;
  }
  const sluice::SystemClock clock;
  std::optional<sluice::PluginLibrary> library;  // longer than what is thrown out of it
  return sluice::run_job(std::move(*channels), clock, [&](sluice::JobContext& context) {
    auto opened = sluice::PluginLibrary::open(file);
    if (!opened) throw std::runtime_error{opened.error().text};
    library.emplace(std::move(opened).value());
    for (const sluice::JobEntry& job : library->jobs()) {
      if (job.name == name) return job.run(context);
    }
    throw std::runtime_error{file + " has no job '" + name + "'"};
  });
}

int act(const sluice::CommandLine& command) {
  using Action = sluice::CommandLine::Action;
  switch (command.action) {
    case Action::help:
      std::cout << sluice::usage_text();
      return kOk;
    case Action::version:
      std::cout << "sluice " SLUICE_VERSION " (" SLUICE_ABI_STAMP ")\n";
      return kOk;
    case Action::print_defaults:
      std::cout << sluice::config::print_defaults(sluice::config::GatewayOptions::schema().node());
      return kOk;
    case Action::check:
      return check(command.config_file);
    case Action::job:
      return run_job(command.library, command.job);
    case Action::run:
      return run(command.config_file);
  }
  return kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that goes away is an error of the write, not the end of the process
  std::signal(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow any more
  std::signal(SIGCHLD, SIG_DFL);  // whoever ignored it before us would take our children's ends from us
  const auto command = sluice::parse_command_line({argv + 1, argv + argc});
  if (!command) {
    std::cerr << "sluice: " << command.error().text << '\n';
    return kWrongArguments;
  }
  const auto say = [&](const std::exception& error) {
    std::cerr << "sluice: " << command->config_file << ": " << error.what() << '\n';
  };
  try {
    return act(*command);
  } catch (const sluice::net::ListenError& error) {
    say(error);
    return kPortTaken;
  } catch (const sluice::MediaPortError& error) {
    say(error);
    return kPortTaken;
  } catch (const sluice::PluginError& error) {
    std::cerr << error.what() << '\n';  // each line begins with its place in the configuration
    return kFailed;
  } catch (const std::exception& error) {
    say(error);
    return kFailed;
  }
}
