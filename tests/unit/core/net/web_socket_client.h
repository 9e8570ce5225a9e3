#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "raw_client.h"

namespace sluice::net::test {

struct Frame {
  int opcode = 0;  // 1 text, 2 binary, 8 close, 9 ping, 10 pong
  std::string payload;

  [[nodiscard]] int close_code() const {
    if (payload.size() < 2) return 1005;
    return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
  }
};

/// A WebSocket client that writes frames one by one (RFC 6455 section 5.2).
class WebSocketClient {
 public:
  /// Opens with the key of the example in RFC 6455 section 1.3.
  explicit WebSocketClient(RawClient client, std::string_view path = "/ws", std::string_view more_headers = "")
      : client_{std::move(client)} {
    client_.get(path,
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                    std::string{more_headers});
    upgrade = client_.read_response();
  }

  enum class Fin : std::uint8_t { no = 0, yes = 0x80 };

  /// @return false: the server closed before it had taken all.
  bool send_frame(int opcode, std::string_view payload, Fin fin = Fin::yes) const {
    std::string frame;
    frame += static_cast<char>(static_cast<int>(fin) | opcode);
    if (payload.size() < 126) {
      frame += static_cast<char>(0x80 | payload.size());
    } else if (payload.size() < 65536) {
      frame += static_cast<char>(0x80 | 126);
      append_number(frame, payload.size(), 2);
    } else {
      frame += static_cast<char>(0x80 | 127);
      append_number(frame, payload.size(), 8);
    }
    frame.append("\0\0\0\0", 4);  // the mask that leaves bytes as they are
    frame.append(payload);
    return client_.send(frame);
  }
  bool send_text(std::string_view text) const { return send_frame(1, text); }

  Frame read_frame() {
    const std::string head = client_.read(2);
    Frame frame{.opcode = head[0] & 0x0f, .payload = {}};
    std::size_t size = static_cast<unsigned char>(head[1]) & 0x7f;
    if (size >= 126) {
      const std::string number = client_.read(size == 126 ? 2 : 8);
      size = 0;
      for (const char c : number) size = size << 8 | static_cast<unsigned char>(c);
    }
    frame.payload = client_.read(size);
    return frame;
  }

  RawClient& raw() { return client_; }

  RawResponse upgrade;

 private:
  static void append_number(std::string& out, std::size_t value, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  }

  RawClient client_;
};

}  // namespace sluice::net::test
