#include "core/net/http_connection.h"

#include <boost/beast/websocket/rfc6455.hpp>
#include <chrono>
#include <string_view>
#include <utility>

#include "core/net/file_answer.h"
#include "core/net/http_dispatch.h"
#include "core/net/http_refusals.h"
#include "core/net/tls_peer.h"
#include "core/net/url.h"
#include "core/net/web_socket_session.h"

namespace sluice::net {

namespace {

constexpr std::size_t kReadAheadBytes = 4096;        // of the next request, or of the news that there is none
constexpr std::size_t kBufferSlackBytes = 64 << 10;  // body bytes that arrive with a head
constexpr std::size_t kMaxLingerBytes = 1 << 20;     // read and thrown away so that the peer gets our last answer
constexpr std::chrono::seconds kLingerTimeout{2};
constexpr std::size_t kSlowestUpload = 64 << 10;  // bytes per second of a large body, beside the time for any request
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// Longest body that the route of a request takes. Who asks for no route of ours gets his answer from dispatch().
std::size_t body_limit(const ListenerCore& core, const http::request_header<>& head) {
  const auto method = parse_http_method({head.method_string().data(), head.method_string().size()});
  const auto target = parse_target({head.target().data(), head.target().size()});
  const std::size_t own = method && target ? core.router.body_bytes(*method, target->path) : 0;
  return own == 0 ? core.options.body_bytes : own;
}

FileConditions conditions_of(const http::request_header<>& head) {
  const auto text = [&](http::field name) { return std::string_view{head[name].data(), head[name].size()}; };
  return {.method = head.method() == http::verb::get ? HttpMethod::get : HttpMethod::head,
          .range = text(http::field::range),
          .if_range = text(http::field::if_range),
          .if_none_match = text(http::field::if_none_match)};
}

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<ListenerCore> core, NetStream stream, ConnectionTable::Place place,
                               SocketAddress remote)
    : core_{std::move(core)},
      stream_{std::move(stream)},
      place_{std::move(place)},
      remote_{remote},
      timer_{stream_.get_executor()},
      buffer_{core_->options.header_bytes + kBufferSlackBytes} {}

HttpConnection::~HttpConnection() = default;

void HttpConnection::start() {
  const bool welcome = place_->take(weak_from_this());
  asio::dispatch(timer_.get_executor(), [self = shared_from_this(), welcome] {
    if (!welcome) return self->close_now();
    if (!self->stream_.is_tls()) return self->await_request();
    self->state_ = State::handshaking;
    self->arm(self->core_->options.request_timeout);
    self->stream_.async_handshake([self](error_code failed) { self->on_handshake(failed); });
  });
}

void HttpConnection::shut_down() {
  asio::post(timer_.get_executor(), [self = shared_from_this()] {
    self->shutting_down_ = true;  // a request in progress is answered, with `Connection: close`
    if (self->state_ == State::idle) self->close_in_good_order();
    if (self->state_ == State::handshaking) self->close_now();
    if (self->state_ == State::streaming) self->end_stream();  // which would never end by itself
  });
}

void HttpConnection::abort() {
  asio::post(timer_.get_executor(), [self = shared_from_this()] { self->close_now(); });
}

void HttpConnection::on_handshake(error_code failed) {
  if (state_ != State::handshaking) return;
  if (!failed) {
    peer_ = verified_peer(stream_.tls());
    return await_request();
  }
  ++core_->counters.tls_failures;
  close_now();
}

// --- Reading -------------------------------------------------------------------------------------------------------

void HttpConnection::await_request() {
  state_ = State::idle;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(core_->options.header_bytes));
  parser_->body_limit(boost::none);  // admit_body() knows the route
  arm(core_->options.idle_timeout);
  if (reading_ahead_) return;  // it will bring the first bytes
  if (buffer_.size() > 0) return receive_head();
  read_ahead();
}

void HttpConnection::read_ahead() {
  // What is there already comes first: a read in flight would hold it back. A client that pipelines is thus not
  // watched.
  if (reading_ahead_ || buffer_.size() > 0) return;
  reading_ahead_ = true;
  stream_.async_read_some(
      buffer_.prepare(kReadAheadBytes),
      [self = shared_from_this()](error_code failed, std::size_t size) { self->on_read_ahead(failed, size); });
}

void HttpConnection::on_read_ahead(error_code failed, std::size_t size) {
  reading_ahead_ = false;
  buffer_.commit(size);
  switch (state_) {
    case State::idle:
      return failed ? close_now() : receive_head();
    case State::handling:
    case State::streaming:
      return failed ? close_now() : read_ahead();
    case State::closing:
      lingered_bytes_ += size;
      buffer_.consume(buffer_.size());
      if (stream_.is_tls()) return end_tls();
      return failed || lingered_bytes_ > kMaxLingerBytes ? close_now() : read_ahead();
    default:
      return;  // while sending: what was read waits, and an error shows again on the next read
  }
}

void HttpConnection::receive_head() {
  state_ = State::receiving;
  arm(core_->options.request_timeout);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](error_code failed, std::size_t) { self->on_head(failed); });
}

void HttpConnection::on_head(error_code failed) {
  if (state_ != State::receiving) return;
  const auto& head = parser_->get();
  version_ = head.version();
  body_mode_ = head.method() == http::verb::head ? BodyMode::omit : BodyMode::send;
  keep_alive_ = !failed && head.keep_alive() ? KeepAlive::yes : KeepAlive::no;
  origin_.assign(head[http::field::origin].data(), head[http::field::origin].size());
  if (failed) return refuse_unreadable(failed);
  if (auto refusal = admit_body()) {
    ++core_->counters.bad_requests;
    return respond(std::move(*refusal), AfterAnswer::close);
  }
  if (!beast::iequals(head[http::field::expect], "100-continue")) return receive_body();
  asio::async_write(stream_, asio::buffer(kContinue), [self = shared_from_this()](error_code broken, std::size_t) {
    if (self->state_ != State::receiving) return;
    if (broken) return self->close_now();
    self->receive_body();
  });
}

std::optional<HttpResponse> HttpConnection::admit_body() {
  const auto length = parser_->content_length();
  if (!parser_->chunked() && length.value_or(0) == 0) return std::nullopt;
  const std::size_t limit = body_limit(*core_, parser_->get());
  if (length && *length > limit) return body_too_large();
  parser_->body_limit(limit);  // for chunks, whose sum nobody knows yet
  const auto expected = static_cast<std::size_t>(length.value_or(limit));
  if (expected <= core_->options.body_bytes) return std::nullopt;
  large_body_ = core_->large_bodies.take(expected);
  if (!large_body_) return too_many_large_bodies();
  arm(core_->options.request_timeout + std::chrono::seconds{expected / kSlowestUpload});
  return std::nullopt;
}

void HttpConnection::receive_body() {
  http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code failed, std::size_t) {
    if (self->state_ != State::receiving) return;
    if (failed) return self->refuse_unreadable(failed);
    self->on_request();
  });
}

void HttpConnection::refuse_unreadable(error_code failed) {
  auto answer = answer_to_unreadable(failed);
  if (!answer) return close_now();
  ++core_->counters.bad_requests;
  respond(std::move(*answer), AfterAnswer::close);
}

void HttpConnection::on_request() {
  auto request = from_beast(parser_->get(), remote_, stream_.is_tls());
  if (!request) {
    ++core_->counters.bad_requests;
    return respond(answer_to(request.error()), AfterAnswer::close);
  }
  request->peer = peer_;
  ++core_->counters.requests;
  core_->counters.request_bytes += request->body.size();
  if (beast::websocket::is_upgrade(parser_->get())) return upgrade(std::move(*request));

  disarm();  // a handler may take its time
  state_ = State::handling;
  working_ = shared_from_this();
  began_ = std::chrono::steady_clock::now();
  exchange_ = std::make_shared<HttpExchange>([weak = weak_from_this()](HttpResponse response) {
    if (const auto self = weak.lock()) self->deliver(std::move(response));
  });
  dispatch(*core_, std::move(*request), HttpResponder{exchange_});
  read_ahead();
}

void HttpConnection::upgrade(HttpRequest request) {
  // RFC 6455 section 4.1: the client sends nothing before our answer; bytes after the head belong to nobody.
  if (buffer_.size() > 0) {
    ++core_->counters.bad_requests;
    return respond(HttpResponse::error(400, "INVALID_PAYLOAD", "data before the handshake"), AfterAnswer::close);
  }
  AcceptDecision decision = decide_upgrade(*core_, std::move(request));
  if (auto* refusal = std::get_if<HttpResponse>(&decision)) return respond(std::move(*refusal));
  disarm();
  state_ = State::closed;  // the stream and the place in the table go to the session
  auto session = std::make_shared<WebSocketSession>(core_, std::move(stream_), std::move(*place_), remote_,
                                                    std::get<WebSocketAccept>(std::move(decision)));
  place_.reset();
  session->start(parser_->release());
}

// --- Answering -----------------------------------------------------------------------------------------------------

void HttpConnection::deliver(HttpResponse response) {
  // Weak: an answer that comes after the net threads stopped must not keep the connection, which keeps the io_context.
  asio::post(timer_.get_executor(), [weak = weak_from_this(), response = std::move(response)]() mutable {
    const auto self = weak.lock();
    if (self && self->state_ == State::handling) self->respond(std::move(response));
  });
}

void HttpConnection::respond(HttpResponse response, AfterAnswer after) {
  state_ = State::sending;
  working_.reset();
  after_answer_ = after == AfterAnswer::next_request && shutting_down_ ? AfterAnswer::close : after;
  const KeepAlive keep = after_answer_ == AfterAnswer::next_request ? keep_alive_ : KeepAlive::no;
  if (response.status < 200 || response.status > 599) {
    response = HttpResponse::error(500, "INTERNAL", "the handler gave an impossible status");
  }
  if (!response.file.empty()) complete_file_answer(response, conditions_of(parser_->get()));
  core_->cors.apply(origin_, response);
  count_answer(response);
  if (response.stream) return start_stream(std::move(response), keep);
  response_ = std::move(response);
  writer_ = to_beast(response_, version_, body_mode_, keep);
  if (!writer_) {
    response_ = HttpResponse::error(404, "NOT_FOUND", "the file is gone");
    writer_ = to_beast(response_, version_, body_mode_, keep);
  }
  write_some();
}

void HttpConnection::count_answer(const HttpResponse& response) {
  ++core_->counters.answers[static_cast<std::size_t>(response.status / 100 - 2)];
  const auto began = std::exchange(began_, std::nullopt);
  if (began && !response.held) core_->counters.answer_times.add(std::chrono::steady_clock::now() - *began);
}

void HttpConnection::write_some() {
  error_code failed;
  const auto buffers = writer_->prepare(failed);
  if (failed) return close_now();       // the file broke off: its length is already promised
  arm(core_->options.request_timeout);  // per step, so that a large file may take long on a slow path
  stream_.async_write_some(
      buffers, [self = shared_from_this()](error_code broken, std::size_t size) { self->on_written(broken, size); });
}

void HttpConnection::on_written(error_code failed, std::size_t size) {
  if (state_ != State::sending) return;
  if (failed) return close_now();
  writer_->consume(size);
  core_->counters.answer_bytes += size;
  if (!writer_->is_done()) return write_some();
  on_answer_sent();
}

void HttpConnection::on_answer_sent() {
  if (writer_ && !writer_->keep_alive() && after_answer_ == AfterAnswer::next_request) {
    after_answer_ = AfterAnswer::close;
  }
  writer_.reset();
  streamed_.reset();
  working_.reset();
  response_ = {};
  exchange_.reset();
  large_body_.reset();
  switch (after_answer_) {
    case AfterAnswer::next_request:
      return shutting_down_ ? close_in_good_order() : await_request();
    case AfterAnswer::close:
      return close_in_good_order();
    case AfterAnswer::drop:
      return close_now();
  }
}

// --- Time and the end ----------------------------------------------------------------------------------------------

void HttpConnection::arm(Duration timeout) {
  timer_.expires_after(timeout);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    // A wait that was due when the timer was set anew completes without error.
    if (cancelled || self->timer_.expiry() > Instant::clock::now()) return;
    self->on_deadline();
  });
}

void HttpConnection::disarm() { timer_.expires_at(Instant::max()); }

void HttpConnection::on_deadline() {
  switch (state_) {
    case State::idle:
      return close_in_good_order();
    case State::receiving:
      ++core_->counters.request_timeouts;
      return respond(HttpResponse::error(408, "TIMEOUT", "the request took too long"), AfterAnswer::drop);
    case State::handshaking:
    case State::sending:
      ++core_->counters.request_timeouts;
      return close_now();
    case State::streaming:
      return drop_slow_client();
    default:
      return close_now();
  }
}

void HttpConnection::close_in_good_order() {
  state_ = State::closing;
  arm(kLingerTimeout);
  if (stream_.is_tls()) {
    if (!reading_ahead_) return end_tls();
    error_code ignored;
    stream_.socket().cancel(ignored);  // the read ends, and on_read_ahead goes on
    return;
  }
  // Closing with unread data resets the connection, and the peer may lose an answer that it has not read yet
  // (RFC 9112 section 9.6): say that we are done, then read until it is.
  error_code ignored;
  stream_.socket().shutdown(Socket::shutdown_send, ignored);
  if (!reading_ahead_) buffer_.consume(buffer_.size());
  read_ahead();
}

void HttpConnection::end_tls() {
  stream_.async_tls_shutdown([self = shared_from_this()](error_code) { self->close_now(); });
}

void HttpConnection::close_now() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  const auto self = std::exchange(working_, nullptr);
  disarm();
  stream_.close();
  place_.reset();
  if (exchange_ && exchange_->abandon()) ++core_->counters.abandoned_requests;
  exchange_.reset();
  large_body_.reset();
  if (streamed_) streamed_->close();  // a write may still be on its way from its buffer
}

}  // namespace sluice::net
