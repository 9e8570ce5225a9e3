#include "tests/integration/ice/turn_server.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <vector>

#include "core/media/ice/stun_message.h"
#include "tests/integration/ice/udp_socket.h"

extern char** environ;

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr int kAttempts = 600;  // of 100 ms each

// Below the range that the system hands out by itself: nobody else's socket lands on it before coturn has bound it,
// and coturn, once it has failed, does not ask for another.
std::uint16_t free_port() {
  std::random_device random;
  std::uniform_int_distribution<int> any{20'000, 29'999};
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto port = static_cast<std::uint16_t>(any(random));
    if (UdpSocket::is_free(port)) return port;
  }
  throw std::runtime_error{"no free port for coturn"};
}

// In memory where there is such a place: coturn syncs its database some thirty times before it answers, and the disk of
// a machine that builds makes each of them wait.
std::string temporary_folder() {
  const std::filesystem::path memory = "/dev/shm";
  const auto parent = std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  std::string name = (parent / "sluice-coturn-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder for coturn"};
  return name;
}

pid_t spawn(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  const int failure = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error{"turnserver is not installed: Debian's package coturn has it"};
  return pid;
}

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

CoturnProcess::CoturnProcess(const std::string& shared_secret) : folder_{temporary_folder()}, port_{free_port()} {
  const std::string ip = kIp;
  const bool named = shared_secret.empty();
  pid_ = spawn({"turnserver", "-n", "--listening-ip=" + ip, "--relay-ip=" + ip,
                "--listening-port=" + std::to_string(port_), named ? "--lt-cred-mech" : "--use-auth-secret",
                named ? std::string{"--user="} + kUser + ":" + kPassword : "--static-auth-secret=" + shared_secret,
                "--realm=sluice.test", "--no-tcp", "--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers",
                "--relay-threads=1", "--userdb=" + folder_ + "/turndb", "--pidfile=" + folder_ + "/pid",
                "--log-file=" + folder_ + "/log", "--simple-log"});
  try {
    wait_until_it_answers();
  } catch (...) {
    stop();
    throw;
  }
}

CoturnProcess::~CoturnProcess() { stop(); }

void CoturnProcess::wait_until_it_answers() {
  const UdpSocket socket;
  std::array<std::uint8_t, kMaxStunMessageSize> buffer{};
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Bytes request = write_binding_request({.transaction_id = {1}}, buffer);
    socket.send(request, SocketAddress::parse(kIp, port_).value());
    if (socket.receive(buffer, 100ms)) return;
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      throw std::runtime_error{"turnserver ended; its log:\n" + text_of(folder_ + "/log")};
    }
  }
  throw std::runtime_error{"turnserver does not answer; its log:\n" + text_of(folder_ + "/log")};
}

void CoturnProcess::stop() noexcept {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace sluice::test
