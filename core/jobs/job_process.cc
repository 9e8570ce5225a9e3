#include "core/jobs/job_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot that C++ includes it, too
}

namespace sluice {

namespace {

void check(int error, const char* what) {
  if (error != 0) throw std::system_error{error, std::generic_category(), what};
}

// Which descriptors the child has.
class FileActions {
 public:
  FileActions() { check(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init"); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void open(int as, const char* path) {
    check(::posix_spawn_file_actions_addopen(&actions_, as, path, O_RDWR, 0), path);
  }
  void give(int fd, int as) { check(::posix_spawn_file_actions_adddup2(&actions_, fd, as), "dup2"); }
  void close_from(int first) { check(::posix_spawn_file_actions_addclosefrom_np(&actions_, first), "closefrom"); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// Its signals and its process group.
class Attributes {
 public:
  Attributes() {
    check(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    sigset_t all;
    sigset_t blocked;
    sigfillset(&all);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &blocked);
    // Ctrl-C is for the gateway, which drains.
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    check(::posix_spawnattr_setflags(&attributes_,
                                     POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP),
          "posix_spawnattr_setflags");
  }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

struct Ends {
  FileDescriptor ours;
  FileDescriptor theirs;
};

// The child's end lies above the numbers that are given out in the child, so that no dup2 there closes it.
Ends ends(const std::array<int, 2>& pair) {
  FileDescriptor ours{pair[0], "ours"};
  const FileDescriptor low{pair[1], "theirs"};
  return {std::move(ours), FileDescriptor{::fcntl(low.get(), F_DUPFD_CLOEXEC, kJobRecords + 1), "fcntl"}};
}

Ends socket_ends(int type) {
  std::array<int, 2> pair{};
  check(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair.data()) == 0 ? 0 : errno, "socketpair");
  return ends(pair);
}

Ends pipe_ends() {
  std::array<int, 2> pair{};  // reading, writing
  check(::pipe2(pair.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
  return ends(pair);
}

FileDescriptor handle_of(pid_t pid) {
  try {
    return FileDescriptor{::pidfd_open(pid, 0), "pidfd_open"};
  } catch (...) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    throw;
  }
}

}  // namespace

JobProcess start_job_process(const JobLaunch& launch) {
  Ends channel = socket_ends(SOCK_STREAM);
  std::optional<Ends> records;
  if (launch.records) records.emplace(socket_ends(SOCK_SEQPACKET));
  Ends errors = pipe_ends();
  FileActions actions;
  actions.open(STDIN_FILENO, "/dev/null");
  // Libraries print what they like: standard output is no place for the channel.
  actions.give(errors.theirs.get(), STDOUT_FILENO);
  actions.give(errors.theirs.get(), STDERR_FILENO);
  actions.give(channel.theirs.get(), kJobChannel);
  if (records) actions.give(records->theirs.get(), kJobRecords);
  actions.close_from(records ? kJobRecords + 1 : kJobChannel + 1);

  std::string name = "sluice";
  std::string option = "--job";
  std::string file = launch.library;
  std::string which = launch.job;
  const std::array<char*, 5> arguments{name.data(), option.data(), file.data(), which.data(), nullptr};
  pid_t pid = -1;
  check(::posix_spawn(&pid, launch.program.c_str(), actions.get(), Attributes{}.get(), arguments.data(), environ),
        "posix_spawn");
  JobProcess process{pid, handle_of(pid), std::move(channel.ours), std::move(errors.ours), std::nullopt};
  if (records) process.records.emplace(std::move(records->ours));
  return process;
}

void signal_process(int handle, int signal) noexcept { ::pidfd_send_signal(handle, signal, nullptr, 0); }

}  // namespace sluice
