#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/client.h"
#include "sluice/function.h"
#include "sluice/json.h"

namespace sluice {

/// The answer to one client event; completed exactly once, in the handler or later.
///
/// Move it into whatever completes it. A second completion is ignored and logged as a defect of the plugin; a Reply
/// that is destroyed without an answer answers `INTERNAL`, so that no client waits for ever.
/// @note Control thread only. The client may be gone by then: the answer is dropped silently.
class Reply {
 public:
  /// What the host implements: delivers one answer.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void ok(json::value data) = 0;
    virtual void fail(const Error& error) = 0;
    /// The Reply was destroyed without an answer.
    virtual void abandoned() = 0;
    virtual void completed_twice() = 0;
  };

  explicit Reply(std::shared_ptr<Sink> sink) noexcept : sink_{std::move(sink)} {}
  Reply(Reply&&) noexcept = default;
  Reply& operator=(Reply&&) noexcept = default;
  ~Reply();

  /// Acknowledges without data: `{ok: true, data: {}}`.
  void ok() { ok(json::value(json::object{})); }
  void ok(json::value data);
  template <class T>
    requires(detail::DescribedStruct<T>)
  void ok(const T& data) {
    ok(to_json(data));
  }

  void fail(const Error& error);
  void fail(ErrorCode code, const std::string& message) { fail(Error{code, message}); }

 private:
  // Owners: this reply, and the host's dispatch while the handler runs.
  std::shared_ptr<Sink> sink_;
  bool completed_ = false;
};

/// Whether the reason of Events::on_disconnect says that the connection broke: nobody has ended it, and whoever was at
/// its other end may come back.
[[nodiscard]] constexpr bool is_lost_connection(std::string_view reason) noexcept {
  return reason == "transport_lost" || reason == "ping_timeout";
}

/// A request without data.
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

/// A client that a plugin brings in itself: a door of its own (WHIP, SIP, a bridge) for somebody who speaks no event
/// protocol. To every other plugin it is a client like those of the gateway's own doors, with the same permissions
/// and limits.
/// Destroying it disconnects the client; the callbacks of LocalClientOptions are not called after that.
/// @note Control thread only.
class LocalClient {
 public:
  /// The answer to one call: the data, or the error where there is one.
  using Answer = Function<void(json::value data, const Error* error)>;

  virtual ~LocalClient() = default;
  [[nodiscard]] virtual ClientId id() const noexcept = 0;
  /// Sends one event as the client would. `answer` is called once, after the call has returned; not at all after the
  /// client was disconnected. A client with many unanswered calls is answered `rate_limited`.
  virtual void call(std::string_view event, json::value data, Answer answer) = 0;
};

struct LocalClientOptions {
  Identity identity;
  std::string remote_address;
  std::string user_agent;
  /// What the client is told.
  Function<void(std::string_view event, const json::value& data)> on_event;
  /// The gateway or a plugin ended the connection. The LocalClient may be destroyed inside.
  Function<void(ErrorCode code, std::string_view reason)> on_disconnected;
};

/// The client events that a plugin answers to.
///
/// @note Control thread only. Handlers are removed by the host when the plugin stops.
class Events {
 public:
  using RawHandler = Function<void(Client&, const json::value& data, Reply)>;
  using DisconnectHandler = Function<void(Client&, std::string_view reason)>;

  virtual ~Events() = default;

  /// Answers to `name`. The payload is read as `Request` before the handler runs; one that does not fit is answered
  /// with INVALID_PAYLOAD and never reaches it. The handler is one of
  ///  - `void (Client&, const Request&, Reply)`: answers now or later;
  ///  - `Response (Client&, const Request&)`: what it returns (a described struct or a json::value) is the answer;
  ///  - `void (Client&, const Request&)`: the answer is `{}`.
  /// What it throws is answered: an Error as it is, anything else as INTERNAL, with a log line.
  /// Throws std::logic_error when another plugin answers to this name already.
  template <class Request = Nothing, class Handler>
  void on(std::string_view name, Handler handler) {
    on_raw(name, [handler = std::move(handler)](Client& client, const json::value& data, Reply reply) mutable {
      const auto request = from_json<Request>(data);
      if constexpr (std::is_invocable_v<Handler&, Client&, const Request&, Reply>) {
        handler(client, request, std::move(reply));
      } else if constexpr (std::is_void_v<std::invoke_result_t<Handler&, Client&, const Request&>>) {
        handler(client, request);
        reply.ok();
      } else {
        reply.ok(handler(client, request));
      }
    });
  }

  /// The same without a schema. `data` is null where the client sent none.
  virtual void on_raw(std::string_view name, RawHandler handler) = 0;

  /// Runs when a client's connection is gone for good. The Client& is valid until all these handlers have run.
  /// `reason`: `client_left`, `transport_lost`, `ping_timeout`, `protocol_error`, `abuse`, `server_closed` (by the
  /// gateway or a plugin).
  virtual void on_disconnect(DisconnectHandler handler) = 0;

  /// Brings in a client. Throws Error{limit_exceeded} where the gateway is full, Error{draining}.
  [[nodiscard]] virtual std::unique_ptr<LocalClient> connect(LocalClientOptions options) = 0;

  /// Sends one event to many clients: the data is serialised once and the bytes are shared.
  virtual void broadcast(std::span<Client* const> clients, std::string_view event, json::value data) = 0;

  /// The connected clients of whom `which` is true, in no order: for who must be told of something outside of any room.
  /// Asks of every client; `which` must not disconnect any.
  [[nodiscard]] virtual std::vector<Client*> find_clients(Function<bool(const Identity&)> /*which*/) { return {}; }
};

}  // namespace sluice
