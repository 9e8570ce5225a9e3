// A load generator for media servers: README.md beside this file.

#include <sys/resource.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <span>
#include <string_view>

#include "tests/load/options.h"
#include "tests/load/runner.h"

namespace {

/// Each participant has a socket for signalling and up to two for media.
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  constexpr rlim_t kWanted = 100'000;
  rlimit raised{.rlim_cur = kWanted, .rlim_max = std::max(kWanted, limit.rlim_max)};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) try {
  using namespace sluice::load;
  const std::span<const char* const> arguments{argv + 1, static_cast<std::size_t>(argc - 1)};
  if (arguments.empty() || arguments.front() == std::string_view{"--help"}) {
    std::fputs(usage().c_str(), stdout);
    return arguments.empty() ? 2 : 0;
  }
  const Options options = parse_options(arguments);
  allow_many_files();
  const Report report = Runner{options}.run();

  const std::string json = sluice::json::serialize(report.to_json());
  std::fputs(report.summary().c_str(), stderr);
  std::puts(json.c_str());
  if (!options.json_file.empty()) std::ofstream{options.json_file} << json << '\n';
  return report.joins_completed == report.joins_wanted && report.total.verify_errors == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "sluice_load: %s\n", error.what());
  return 2;
}
