#pragma once

#include <boost/beast/http.hpp>
#include <memory>
#include <optional>
#include <string>

#include "core/net/body_budget.h"
#include "core/net/connection_table.h"
#include "core/net/http_convert.h"
#include "core/net/http_responder.h"
#include "core/net/listener_core.h"
#include "core/net/net_stream.h"
#include "core/net/streamed_answer.h"
#include "sluice/time.h"

namespace sluice::net {

/// One connection from its accept to its end, or until it becomes a WebSocket. One request at a time; what a client
/// sends ahead waits in the buffer and the socket.
///
///     handshaking -> idle -> receiving -> handling -> sending or streaming -> idle ...
///                                    \-> (WebSocketSession)              \-> closing -> closed
///
/// While a handler works or writes a stream, one small read stands on the socket: it brings the next request, or the
/// news that the peer is gone. Private members run on the connection's strand.
class HttpConnection final : public LiveConnection, public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(std::shared_ptr<ListenerCore> core, NetStream stream, ConnectionTable::Place place,
                 SocketAddress remote);
  ~HttpConnection() override;

  void start();
  void shut_down() override;
  void abort() override;

 private:
  enum class State : std::uint8_t { handshaking, idle, receiving, handling, sending, streaming, closing, closed };
  enum class AfterAnswer : std::uint8_t {
    next_request,
    close,  ///< in good order: the peer gets to read the answer before the connection goes
    drop    ///< a read of Beast's is still out, which cannot be waited for
  };

  void on_handshake(error_code failed);
  void await_request();
  void read_ahead();
  void on_read_ahead(error_code failed, std::size_t size);
  void receive_head();
  void on_head(error_code failed);
  /// Nothing, or why the body that the head announces is not read.
  [[nodiscard]] std::optional<HttpResponse> admit_body();
  void receive_body();
  void on_request();
  void refuse_unreadable(error_code failed);

  void upgrade(HttpRequest request);
  void deliver(HttpResponse response);
  void respond(HttpResponse response, AfterAnswer after = AfterAnswer::next_request);
  void count_answer(const HttpResponse& response);
  void write_some();
  void on_written(error_code failed, std::size_t size);
  void on_answer_sent();

  void start_stream(HttpResponse response, KeepAlive keep);
  void continue_stream();
  void write_stream();
  void end_stream();
  void drop_slow_client();

  void arm(Duration timeout);
  void disarm();
  void on_deadline();
  void close_in_good_order();
  void end_tls();
  void close_now();

  const std::shared_ptr<ListenerCore> core_;
  NetStream stream_;
  std::optional<ConnectionTable::Place> place_;  // empty once it is the WebSocket's
  const SocketAddress remote_;
  std::shared_ptr<const TlsPeer> peer_;  // owners: this connection and its requests
  Timer timer_;

  State state_ = State::idle;
  bool reading_ahead_ = false;
  bool shutting_down_ = false;
  std::size_t lingered_bytes_ = 0;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;

  // Of the request in progress.
  std::optional<BodyBudget::Share> large_body_;
  unsigned version_ = 11;
  BodyMode body_mode_ = BodyMode::send;
  KeepAlive keep_alive_ = KeepAlive::yes;
  std::string origin_;
  // Itself, while a handler works or streams: no operation may be under way then that would own it.
  std::shared_ptr<HttpConnection> working_;
  // Owners: this connection and the copies of the handler's responder.
  std::shared_ptr<HttpExchange> exchange_;
  std::optional<Instant> began_;  // when its handler got it
  HttpResponse response_;
  std::optional<http::message_generator> writer_;
  std::optional<StreamedAnswer> streamed_;
  bool writing_stream_ = false;
  AfterAnswer after_answer_ = AfterAnswer::next_request;
};

}  // namespace sluice::net
