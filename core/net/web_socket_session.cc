#include "core/net/web_socket_session.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sluice::net {

namespace {

namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr std::chrono::seconds kCloseTimeout{5};       // to take what is queued and answer the close frame
constexpr std::chrono::seconds kSlowClientTimeout{1};  // to take the one frame that is under way
constexpr std::chrono::seconds kLingerTimeout{2};      // to take our close frame
constexpr std::size_t kMaxLingerBytes = 16 << 20;      // thrown away meanwhile: who sends too much is still sending
constexpr std::size_t kDrainBytes = 16 << 10;
constexpr std::size_t kMaxReasonBytes = 123;        // RFC 6455 section 5.5: 125 with the code
constexpr std::size_t kKeptBufferBytes = 64 << 10;  // a larger buffer is given back after its message

/// What users hold: never the session itself, whose end the net threads decide.
class Channel final : public WebSocketChannel {
 public:
  Channel(std::weak_ptr<WebSocketSession> session, SocketAddress remote)
      : session_{std::move(session)}, remote_{remote} {}

  void send_text(SharedText text) override { send_text(std::vector<SharedText>{std::move(text)}); }
  void send_text(std::vector<SharedText> parts) override {
    if (const auto session = session_.lock()) session->send(std::move(parts));
  }
  void close(WebSocketClose code, std::string reason) override {
    if (const auto session = session_.lock()) session->close(code, std::move(reason));
  }
  [[nodiscard]] const SocketAddress& remote() const noexcept override { return remote_; }
  [[nodiscard]] std::size_t queued_bytes() const noexcept override {
    const auto session = session_.lock();
    return session ? session->queued_bytes() : 0;
  }

 private:
  const std::weak_ptr<WebSocketSession> session_;
  const SocketAddress remote_;
};

struct Ending {
  WebSocketClose code;
  std::string reason;
};

Ending ending_of(error_code failed, const websocket::close_reason& peers) {
  if (failed == websocket::error::closed) {
    return {static_cast<WebSocketClose>(peers.code), {peers.reason.data(), peers.reason.size()}};
  }
  if (failed == websocket::error::message_too_big || failed == websocket::error::buffer_overflow) {
    return {WebSocketClose::too_big, "message too big"};
  }
  if (failed == websocket::error::bad_frame_payload) return {WebSocketClose::bad_data, "not UTF-8"};
  if (failed == websocket::condition::protocol_violation) return {WebSocketClose::protocol_error, failed.message()};
  if (failed == beast::error::timeout) return {WebSocketClose::abnormal, "silent for too long"};
  return {WebSocketClose::abnormal, failed.message()};
}

/// The codes that RFC 6455 section 7.4.1 forbids on the wire become 1000.
websocket::close_reason to_beast(WebSocketClose code, std::string reason) {
  if (code == WebSocketClose::none || code == WebSocketClose::abnormal) code = WebSocketClose::normal;
  std::size_t length = std::min(reason.size(), kMaxReasonBytes);
  while (length < reason.size() && length > 0 && (static_cast<unsigned char>(reason[length]) & 0xc0) == 0x80) --length;
  reason.resize(length);  // never within a character
  return {static_cast<websocket::close_code>(code), reason};
}

}  // namespace

WebSocketSession::WebSocketSession(std::shared_ptr<ListenerCore> core, NetStream stream, ConnectionTable::Place place,
                                   SocketAddress remote, WebSocketAccept accept)
    : core_{std::move(core)},
      remote_{remote},
      socket_{std::move(stream)},
      place_{std::move(place)},
      timer_{socket_.get_executor()},
      accept_{std::move(accept)} {}

WebSocketSession::~WebSocketSession() = default;

void WebSocketSession::start(UpgradeRequest request) {
  if (!place_->take(weak_from_this())) return finish(WebSocketClose::going_away, "the gateway stops");
  request_ = std::move(request);
  socket_.set_option(websocket::stream_base::timeout{.handshake_timeout = core_->options.request_timeout,
                                                     .idle_timeout = core_->options.idle_timeout,
                                                     .keep_alive_pings = true});
  socket_.read_message_max(core_->options.message_bytes);
  socket_.auto_fragment(false);  // whole messages leave from the shared buffers, uncopied
  socket_.set_option(websocket::stream_base::decorator([protocol = accept_.subprotocol](auto& response) {
    if (!protocol.empty()) response.set(http::field::sec_websocket_protocol, protocol);
  }));
  socket_.async_accept(request_, [self = shared_from_this()](error_code failed) { self->on_accepted(failed); });
}

void WebSocketSession::shut_down() {
  asio::post(timer_.get_executor(), [self = shared_from_this()] {
    if (self->state_ == State::opening) return self->finish(WebSocketClose::going_away, {});
    self->begin_close(WebSocketClose::going_away, "the gateway stops", kCloseTimeout);
  });
}

void WebSocketSession::abort() {
  asio::post(timer_.get_executor(), [self = shared_from_this()] { self->finish(WebSocketClose::going_away, {}); });
}

void WebSocketSession::on_accepted(error_code failed) {
  if (state_ != State::opening) return;
  request_ = {};
  if (failed) {
    ++core_->counters.bad_requests;
    return finish(WebSocketClose::abnormal, {});
  }
  state_ = State::open;
  told_open_ = true;
  ++core_->counters.web_sockets;
  ++core_->counters.open_web_sockets;
  const auto on_open = std::exchange(accept_.on_open, nullptr);
  try {
    handlers_ = on_open(std::make_shared<Channel>(weak_from_this(), remote_));
  } catch (...) {
    ++core_->counters.handler_failures;
    begin_close(WebSocketClose::internal_error, {}, kCloseTimeout);
  }
  read();
}

// --- Reading -------------------------------------------------------------------------------------------------------

void WebSocketSession::read() {
  socket_.async_read(incoming_, [self = shared_from_this()](error_code failed, std::size_t) { self->on_read(failed); });
}

void WebSocketSession::on_read(error_code failed) {
  if (state_ == State::closed || state_ == State::lingering) return;
  if (failed) return on_read_failed(failed);
  if (state_ == State::open && socket_.got_binary()) {
    ++core_->counters.unsupported_data;
    begin_close(WebSocketClose::unsupported, "text only", kCloseTimeout);
  }
  if (state_ == State::open) on_text();
  incoming_.consume(incoming_.size());
  if (incoming_.capacity() > kKeptBufferBytes) incoming_.shrink_to_fit();
  read();  // while closing too: the peer's close frame comes this way
}

void WebSocketSession::on_text() {
  ++core_->counters.messages_received;
  if (!handlers_.on_text) return;
  const auto data = incoming_.cdata();
  core_->counters.message_bytes_received += data.size();
  try {
    handlers_.on_text({static_cast<const char*>(data.data()), data.size()});
  } catch (...) {
    ++core_->counters.handler_failures;
    begin_close(WebSocketClose::internal_error, {}, kCloseTimeout);
  }
}

void WebSocketSession::on_read_failed(error_code failed) {
  const Ending ending = ending_of(failed, socket_.reason());
  if (ending.code == WebSocketClose::too_big) ++core_->counters.oversize_messages;
  if (ending.code == WebSocketClose::abnormal) return finish(ending.code, ending.reason);
  tell_closed(ending.code, ending.reason);
  linger();
}

/// Beast has sent the close frame. Closing with unread data would reset the connection, and the peer might lose it.
void WebSocketSession::linger() {
  state_ = State::lingering;
  accepts_texts_ = false;
  timer_.expires_after(kLingerTimeout);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->finish(WebSocketClose::normal, {});
  });
  drain();
}

void WebSocketSession::drain() {
  incoming_.clear();
  socket_.next_layer().socket().async_read_some(incoming_.prepare(kDrainBytes),
                                                [self = shared_from_this()](error_code failed, std::size_t size) {
                                                  self->lingered_bytes_ += size;
                                                  if (failed || self->lingered_bytes_ > kMaxLingerBytes)
                                                    return self->finish(WebSocketClose::normal, {});
                                                  self->drain();
                                                });
}

// --- Writing -------------------------------------------------------------------------------------------------------

void WebSocketSession::send(std::vector<SharedText> parts) {
  if (!accepts_texts_.load(std::memory_order_relaxed)) return;
  std::size_t bytes = 0;
  for (const SharedText& part : parts) bytes += part->size();
  const std::size_t queued = queued_bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  // Weak, here and below: what is posted after the net threads stopped must not keep the session.
  if (queued > core_->options.queue_bytes) {
    if (!accepts_texts_.exchange(false)) return;
    asio::post(timer_.get_executor(), [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->drop_slow_client();
    });
    return;
  }
  asio::post(timer_.get_executor(), [weak = weak_from_this(), message = Message{std::move(parts), bytes}]() mutable {
    if (const auto self = weak.lock()) self->enqueue(std::move(message));
  });
}

void WebSocketSession::enqueue(Message message) {
  if (state_ != State::open) return;
  queue_.push_back(std::move(message));
  if (!is_writing_) write_next();
}

void WebSocketSession::write_next() {
  if (queue_.empty()) {
    if (state_ == State::closing) send_close();
    return;
  }
  is_writing_ = true;
  writing_.clear();
  for (const SharedText& part : queue_.front().parts) writing_.emplace_back(part->data(), part->size());
  socket_.async_write(beast::span<const asio::const_buffer>{writing_},
                      [self = shared_from_this()](error_code failed, std::size_t) { self->on_written(failed); });
}

void WebSocketSession::on_written(error_code failed) {
  is_writing_ = false;
  const std::size_t bytes = queue_.front().bytes;
  queued_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  queue_.drop_front();
  if (state_ == State::closed || state_ == State::lingering) return;
  if (failed) return finish(WebSocketClose::abnormal, failed.message());
  ++core_->counters.messages_sent;
  core_->counters.message_bytes_sent += bytes;
  write_next();
}

void WebSocketSession::drop_slow_client() {
  if (state_ != State::open) return;
  ++core_->counters.slow_clients;
  // The frame under way cannot be taken back; nothing after it is worth the memory.
  queue_.truncate(is_writing_ ? 1 : 0);
  begin_close(WebSocketClose::policy, "does not read", kSlowClientTimeout);
}

// --- The end -------------------------------------------------------------------------------------------------------

void WebSocketSession::close(WebSocketClose code, std::string reason) {
  asio::post(timer_.get_executor(), [weak = weak_from_this(), code, reason = std::move(reason)] {
    if (const auto self = weak.lock()) self->begin_close(code, reason, kCloseTimeout);
  });
}

void WebSocketSession::begin_close(WebSocketClose code, const std::string& reason, Duration timeout) {
  if (state_ != State::open) return;
  state_ = State::closing;
  accepts_texts_ = false;
  close_reason_ = to_beast(code, reason);
  timer_.expires_after(timeout);
  timer_.async_wait([self = shared_from_this(), code](error_code cancelled) {
    if (!cancelled) self->finish(code, {});
  });
  if (!is_writing_) write_next();
  tell_closed(code, reason);
}

void WebSocketSession::send_close() {
  socket_.async_close(close_reason_, [self = shared_from_this()](error_code) {
    self->finish(WebSocketClose::normal, {});  // was told already, with the code of begin_close
  });
}

void WebSocketSession::tell_closed(WebSocketClose code, const std::string& reason) {
  if (!std::exchange(told_open_, false)) return;
  --core_->counters.open_web_sockets;
  const WebSocketHandlers handlers = std::exchange(handlers_, {});
  if (!handlers.on_closed) return;
  try {
    handlers.on_closed(code, reason);
  } catch (...) {
    ++core_->counters.handler_failures;
  }
}

void WebSocketSession::finish(WebSocketClose code, const std::string& reason) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  accepts_texts_ = false;
  timer_.cancel();
  socket_.next_layer().close();
  place_.reset();
  tell_closed(code, reason);
}

}  // namespace sluice::net
