#pragma once

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "sluice/jobs.h"

namespace sluice::testing {

/// Says what it was told, until it is asked to end.
inline int echo(JobContext& context) {
  context.send({{"arguments", context.arguments()}});
  while (auto message = context.next_message()) context.send({{"heard", std::move(*message)}});
  context.send({{"stopping", context.stop_requested()}});
  return 0;
}

/// Speaks from four threads at once.
inline int threads(JobContext& context) {
  std::vector<std::thread> speakers;
  for (int speaker = 0; speaker < 4; ++speaker) {
    speakers.emplace_back([&context, speaker] {
      for (int n = 0; n < 250; ++n) context.send({{"speaker", speaker}, {"n", n}});
    });
  }
  for (std::thread& speaker : speakers) speaker.join();
  return 0;
}

/// Says what the system lets it have.
inline int look(JobContext& context) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  sched_getaffinity(0, sizeof cpus, &cpus);
  int oom_score = 0;
  std::ifstream{"/proc/self/oom_score_adj"} >> oom_score;
  json::array files;
  for (const auto& file : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    std::error_code gone;
    files.push_back(json::value(std::filesystem::read_symlink(file, gone).string()));
  }
  context.send({{"nice", getpriority(PRIO_PROCESS, 0)},
                {"batch", sched_getscheduler(0) == SCHED_BATCH},
                {"cpus", CPU_COUNT(&cpus)},
                {"oomScore", oom_score},
                {"leader", getpgrp() == getpid()},
                {"files", std::move(files)}});
  return 0;
}

inline int status(JobContext& context) { return static_cast<int>(context.arguments().at("status").as_int64()); }

/// What it throws has its code in this library.
class LibrarysOwnError final : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "no decoder for this"; }
};
inline int throws(JobContext&) {
  std::cerr << "noise of a library\n";
  throw LibrarysOwnError{};
}

inline int crash(JobContext&) {
  std::cerr << "about to crash\n";
  signal(SIGSEGV, SIG_DFL);  // a sanitizer would turn it into an exit
  return raise(SIGSEGV);
}

/// Prints to both standard streams, then speaks.
inline int chatter(JobContext& context) {
  for (int i = 0; i < 20000; ++i) {
    std::fprintf(stderr, "frame %d\n", i);
    std::printf("{\"message\":{\"printed\":%d}}\n", i);
  }
  std::fflush(stdout);
  context.send({{"done", true}});
  return static_cast<int>(context.arguments().at("status").as_int64());
}

/// First what the context refuses, then past it.
inline int too_long(JobContext& context) {
  const json::object message{{"text", std::string(65536, 'x')}};
  try {
    context.send(message);
  } catch (const Error& error) {
    context.send({{"refused", std::string{to_string(error.code())}}});
  }
  const std::string line(70000, 'x');
  for (;;) send(3, line.data(), line.size(), MSG_NOSIGNAL);
}

/// Hears nothing, and holds a FIFO open, by whose end a test knows its own.
inline int deaf(JobContext& context) {
  const std::string fifo{context.arguments().at("fifo").as_string()};
  const int held = open(fifo.c_str(), O_WRONLY | O_CLOEXEC);
  if (held < 0) throw std::runtime_error{"cannot open " + fifo};
  context.send({{"holds", fifo}});
  for (;;) pause();
}

}  // namespace sluice::testing
