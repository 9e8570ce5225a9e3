#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstdint>
#include <future>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// As much of an RTMP server as a publisher needs: it answers without understanding, and keeps what it was sent.
namespace sluice::media::testing {

/// Listens on loopback. Who connects is not accepted: the system does that alone, and nothing is ever answered.
class Listener {
 public:
  Listener() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, any, length) != 0 || ::listen(socket_, 4) != 0) std::abort();
    if (::getsockname(socket_, any, &length) != 0) std::abort();
    port_ = ntohs(address.sin_port);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { close(); }
  /// From now on nobody is there.
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] std::string url(std::string_view path) const {
    return "rtmp://127.0.0.1:" + std::to_string(port_) + std::string{path};
  }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

namespace amf {  // AMF0, section 2

inline std::string string_body(std::string_view text) {
  return std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} + std::string{text};
}
inline std::string string(std::string_view text) { return '\x02' + string_body(text); }
inline std::string number(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  std::string out(1, '\0');
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
  return out;
}
inline const std::string kNull(1, '\x05');
inline std::string object(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string out(1, '\x03');
  for (const auto& [name, value] : members) out += string_body(name) + string(value);
  return out + std::string("\0\0\x09", 3);
}

}  // namespace amf

/// Answers one publisher's commands with `status`, and then either reads to the end or closes.
class RtmpServer {
 public:
  enum class Then { read, close };
  RtmpServer(std::string_view level, std::string_view code, std::string_view description, Then then = Then::read)
      : answers_{command(amf::string("_result") + amf::number(1) + amf::object({}) + amf::object({})) +
                 command(amf::string("_result") + amf::number(4) + amf::kNull + amf::number(1)) +
                 command(amf::string("onStatus") + amf::number(0) + amf::kNull +
                         amf::object({{"level", level}, {"code", code}, {"description", description}}))},
        then_{then},
        received_{std::async(std::launch::async, [this] { return serve(); })} {}

  [[nodiscard]] std::string url(std::string_view path) const { return listener_.url(path); }
  /// All of it, once the publisher has gone.
  [[nodiscard]] std::string received() { return received_.get(); }

  static RtmpServer welcoming(Then then = Then::read) { return {"status", "NetStream.Publish.Start", "ok", then}; }

 private:
  static constexpr std::size_t kHandshake = 1'536;

  /// A message of type 20 in one chunk (section 5.3.1): at most 128 bytes.
  static std::string command(const std::string& body) {
    if (body.size() > 128) std::abort();
    std::string head("\x03\0\0\0\0\0\0\x14\0\0\0\0", 12);
    head[6] = static_cast<char>(body.size());
    return head + body;
  }

  std::string serve() {
    const int peer = ::accept(listener_.socket(), nullptr, nullptr);
    std::string all;
    if (read_exactly(peer, 1 + kHandshake)) {
      send(peer, '\x03' + std::string(2 * kHandshake, '\0'));
      if (read_exactly(peer, kHandshake)) send(peer, answers_);
    }
    std::array<char, 4'096> buffer{};
    while (then_ == Then::read) {
      const auto bytes = ::recv(peer, buffer.data(), buffer.size(), 0);
      if (bytes <= 0) break;
      all.append(buffer.data(), static_cast<std::size_t>(bytes));
    }
    ::close(peer);
    return all;
  }
  static bool read_exactly(int peer, std::size_t bytes) {
    std::string buffer(bytes, '\0');
    return ::recv(peer, buffer.data(), bytes, MSG_WAITALL) == static_cast<ssize_t>(bytes);
  }
  static void send(int peer, const std::string& bytes) { (void)::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  Listener listener_;
  std::string answers_;
  Then then_;
  std::future<std::string> received_;
};

}  // namespace sluice::media::testing
