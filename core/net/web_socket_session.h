#pragma once

#include <atomic>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/fifo.h"
#include "core/net/connection_table.h"
#include "core/net/listener_core.h"
#include "core/net/net_stream.h"
#include "core/net/web_socket.h"
#include "sluice/time.h"

namespace sluice::net {

/// One WebSocket, from the upgrade request to the end of the socket. Users hold a WebSocketChannel that refers to it
/// weakly, so that the net threads alone decide how long it lives. Private members run on the connection's strand.
class WebSocketSession final : public LiveConnection, public std::enable_shared_from_this<WebSocketSession> {
 public:
  using UpgradeRequest = beast::http::request<beast::http::string_body>;

  WebSocketSession(std::shared_ptr<ListenerCore> core, NetStream stream, ConnectionTable::Place place,
                   SocketAddress remote, WebSocketAccept accept);
  ~WebSocketSession() override;

  void start(UpgradeRequest request);
  void shut_down() override;
  void abort() override;

  // The channel's side, from any thread.
  void send(std::vector<SharedText> parts);
  void close(WebSocketClose code, std::string reason);
  [[nodiscard]] std::size_t queued_bytes() const noexcept { return queued_bytes_.load(std::memory_order_relaxed); }

 private:
  enum class State : std::uint8_t {
    opening,
    open,
    closing,    ///< a close frame is sent, or will be when the queue is
    lingering,  ///< all is said; the peer gets a moment to read it
    closed
  };
  struct Message {
    std::vector<SharedText> parts;
    std::size_t bytes;
  };

  void on_accepted(error_code failed);
  void read();
  void on_read(error_code failed);
  void on_text();
  void on_read_failed(error_code failed);
  void linger();
  void drain();

  void enqueue(Message message);
  void write_next();
  void on_written(error_code failed);
  void drop_slow_client();

  void begin_close(WebSocketClose code, const std::string& reason, Duration timeout);
  void send_close();
  void tell_closed(WebSocketClose code, const std::string& reason);
  void finish(WebSocketClose code, const std::string& reason);

  const std::shared_ptr<ListenerCore> core_;
  const SocketAddress remote_;
  beast::websocket::stream<NetStream> socket_;
  std::optional<ConnectionTable::Place> place_;
  Timer timer_;  // of closing alone; Beast has its own for handshake and idleness
  WebSocketAccept accept_;
  UpgradeRequest request_;

  State state_ = State::opening;
  bool told_open_ = false;
  std::size_t lingered_bytes_ = 0;
  WebSocketHandlers handlers_;
  beast::flat_buffer incoming_;

  std::atomic<std::size_t> queued_bytes_{0};  // counted where they are sent, so that the bound holds at once
  std::atomic<bool> accepts_texts_{true};
  Fifo<Message> queue_;  // bounded by queue_bytes
  std::vector<asio::const_buffer> writing_;
  bool is_writing_ = false;
  beast::websocket::close_reason close_reason_;
};

}  // namespace sluice::net
