#include "tests/emulator/udp_relay.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <string>
#include <system_error>
#include <utility>

namespace sluice::emulator {
namespace {

// What the kernel keeps while this process does not run.
constexpr int kKernelBuffer = 4 * 1024 * 1024;

Instant clock_now() { return std::chrono::steady_clock::now(); }

[[noreturn]] void fail(const char* what) { throw std::system_error{errno, std::generic_category(), what}; }

Descriptor open_socket(const SocketAddress& like) {
  const int fd = ::socket(like.data()->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  static_cast<void>(::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kKernelBuffer, sizeof kKernelBuffer));
  return Descriptor{fd};
}

SocketAddress local_of(const Descriptor& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* const any = reinterpret_cast<sockaddr*>(&storage);
  if (::getsockname(socket.get(), any, &size) != 0) fail("getsockname");
  return SocketAddress::from_sockaddr(any, size).value();
}

void print(const std::string& lines) {
  std::fputs(lines.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

UdpRelay::UdpRelay(const SocketAddress& listen, const SocketAddress& target, LinkPair& links)
    : target_{target}, links_{links}, listening_{open_socket(listen)}, buffer_(kMaxDatagram) {
  if (::bind(listening_.get(), listen.data(), listen.size()) != 0) fail("bind");
  local_ = local_of(listening_);
}

void UdpRelay::run(ControlLines& control) {
  for (;;) {
    wait();
    const Instant now = clock_now();
    if (read_control(control, now) == Input::ended) return;
    read_clients(now);
    for (const auto& [id, client] : clients_) read_target(id, client, now);
    deliver(now);
  }
}

// Until something can be read, or arrives at the end of a link.
void UdpRelay::wait() {
  std::vector<pollfd> sockets{{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                              {.fd = listening_.get(), .events = POLLIN, .revents = 0}};
  for (const auto& [id, client] : clients_) {
    sockets.push_back({.fd = client.socket.get(), .events = POLLIN, .revents = 0});
  }
  const auto down = links_.down.next_event();
  const auto up = links_.up.next_event();
  timespec limit{};
  if (down || up) {
    const Instant next = std::min(down.value_or(Instant::max()), up.value_or(Instant::max()));
    const auto left = std::chrono::nanoseconds{std::max(next - clock_now(), Duration::zero())};
    limit = {.tv_sec = left.count() / 1'000'000'000, .tv_nsec = left.count() % 1'000'000'000};
  }
  static_cast<void>(::ppoll(sockets.data(), sockets.size(), down || up ? &limit : nullptr, nullptr));
}

UdpRelay::Input UdpRelay::read_control(ControlLines& control, Instant now) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&input, 1, 0) <= 0) return Input::open;
  std::array<char, 4096> bytes;
  const ssize_t size = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (size <= 0) return size < 0 && errno == EINTR ? Input::open : Input::ended;
  print(control.take({bytes.data(), static_cast<std::size_t>(size)}, now));
  return Input::open;
}

void UdpRelay::read_clients(Instant now) {
  for (int i = 0; i < kDatagramsPerTurn; ++i) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    auto* const from = reinterpret_cast<sockaddr*>(&storage);
    const ssize_t size = ::recvfrom(listening_.get(), buffer_.data(), buffer_.size(), 0, from, &length);
    if (size < 0) return;
    const auto address = SocketAddress::from_sockaddr(from, length);
    if (!address) continue;
    links_.up.push({.bytes = {buffer_.begin(), buffer_.begin() + size}, .tag = client_at(*address, now)}, now);
  }
}

std::uint64_t UdpRelay::client_at(const SocketAddress& address, Instant now) {
  for (auto& [id, client] : clients_) {
    if (client.address != address) continue;
    client.heard = now;
    return id;
  }
  if (clients_.size() == kMaxClients) {
    clients_.erase(std::ranges::min_element(
        clients_, [](const auto& a, const auto& b) { return a.second.heard < b.second.heard; }));
  }
  Descriptor socket = open_socket(target_);
  if (::connect(socket.get(), target_.data(), target_.size()) != 0) fail("connect");
  clients_.emplace(next_client_, Client{.address = address, .socket = std::move(socket), .heard = now});
  return next_client_++;
}

void UdpRelay::read_target(std::uint64_t id, const Client& client, Instant now) {
  for (int i = 0; i < kDatagramsPerTurn; ++i) {
    const ssize_t size = ::recv(client.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (size < 0) return;  // or nobody listens at the target, which ends by itself
    links_.down.push({.bytes = {buffer_.begin(), buffer_.begin() + size}, .tag = id}, now);
  }
}

void UdpRelay::deliver(Instant now) {
  while (const auto parcel = links_.up.pop(now)) {
    const auto client = clients_.find(parcel->tag);
    if (client == clients_.end()) continue;
    static_cast<void>(::send(client->second.socket.get(), parcel->bytes.data(), parcel->bytes.size(), 0));
  }
  while (const auto parcel = links_.down.pop(now)) {
    const auto client = clients_.find(parcel->tag);
    if (client == clients_.end()) continue;
    const SocketAddress& to = client->second.address;
    static_cast<void>(::sendto(listening_.get(), parcel->bytes.data(), parcel->bytes.size(), 0, to.data(), to.size()));
  }
}

}  // namespace sluice::emulator
