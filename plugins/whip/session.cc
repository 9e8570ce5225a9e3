#include "session.h"

#include <array>
#include <utility>

#include "http_text.h"
#include "session_table.h"
#include "sluice/log.h"
#include "sluice/media.h"

namespace sluice::whip {

namespace {

constexpr int kEntityTagBits = 64;

std::string host_of(const std::string& remote_address) { return remote_address.substr(0, remote_address.rfind(':')); }

std::optional<std::string> text_field(const json::value& data, std::string_view name) {
  const json::object* object = data.if_object();
  const json::value* field = object == nullptr ? nullptr : object->if_contains(name);
  if (field == nullptr || !field->is_string()) return std::nullopt;
  return std::string{field->as_string()};
}

bool flag(const json::value& data, std::string_view name) {
  const json::object* object = data.if_object();
  const json::value* field = object == nullptr ? nullptr : object->if_contains(name);
  return field != nullptr && field->is_bool() && field->as_bool();
}

// The event `room:denied` carries an error as clients read it.
Error denial(const json::value& data) {
  const std::string code = text_field(data, "code").value_or("");
  const std::string message = text_field(data, "message").value_or("not let in");
  for (const auto known : {ErrorCode::draining, ErrorCode::room_full, ErrorCode::room_closed, ErrorCode::timeout}) {
    if (code == to_string(known)) return Error{known, message};
  }
  return Error{ErrorCode::admission_denied, message};
}

Error ended() { return Error{ErrorCode::room_closed, "the session has ended"}; }

}  // namespace

Session::Session(Context& context, SessionTable& table, std::string id, Door door, const HttpRequest& request,
                 Responder& reply)
    : context_{context},
      table_{table},
      id_{std::move(id)},
      door_{door},
      room_{request.path_parameters.at("room")},
      identity_(request.identity),
      address_{host_of(request.remote_address)},
      since_{context.host.timers().now()},
      offer_{request.body},
      play_only_{query(request, "participant").value_or("")} {
  client_ = context_.host.events().connect(
      {.identity = identity_,
       .remote_address = request.remote_address,
       .user_agent = std::string{header(request, "user-agent").value_or("")},
       .on_event = guard([this](std::string_view event, const json::value& data) { handle(event, data); }),
       .on_disconnected = guard([this](ErrorCode code, std::string_view reason) {
         end("disconnected", Error{code, std::string{reason}});
       })});
  opening_.emplace(std::move(reply));
  end_after(context_.options.join_timeout_ms, "join_timeout");
  join(request);
}

void Session::join(const HttpRequest& request) {
  json::object join{{"roomId", room_}};
  if (const auto token = query(request, "join_token")) join["token"] = *token;
  if (const auto password = query(request, "password")) join["password"] = *password;
  if (const auto name = query(request, "name")) {
    join["name"] = *name;
  } else if (identity_.name.empty()) {
    join["name"] = door_ == Door::whip ? "WHIP publisher" : "WHEP player";
  }
  client_->call("room:join", std::move(join), guard([this](const json::value& data, const Error* error) {
                  if (error != nullptr) return end("refused", *error);
                  if (!flag(data, "held")) return joined(data);
                  state_ = State::held;  // room:joined or room:denied follows
                }));
}

void Session::joined(const json::value& data) {
  const json::object* object = data.if_object();
  if (object == nullptr || state_ > State::held) return;
  if (const json::value* self = object->if_contains("self")) {
    participant_id_ = text_field(*self, "participantId").value_or("");
  }
  const json::value* features = object->if_contains("features");
  if (door_ == Door::whip && features != nullptr && !flag(*features, "publish")) {
    return end("refused", Error{ErrorCode::permission_denied, "your role may not publish in this room"});
  }
  state_ = State::negotiating;
  // RFC 9725 section 4.2: a publisher receives nothing, whatever it offers; and by WHEP's draft a player sends nothing.
  json::object offer{{"sdp", std::move(offer_)},
                     {"fixed", true},
                     {"publish", door_ == Door::whip},
                     {"subscribe", door_ == Door::whep}};
  if (!play_only_.empty()) offer["participantId"] = play_only_;
  client_->call("sdp:offer", std::move(offer), guard([this](const json::value& answer, const Error* error) {
                  if (error != nullptr) return end("refused", *error);
                  answered(answer);
                }));
}

void Session::answered(const json::value& data) {
  const auto sdp = text_field(data, "sdp");
  if (!sdp) return end("refused", Error{ErrorCode::internal, "the room gave no answer"});
  if (state_ != State::negotiating) return;
  state_ = State::connecting;
  end_after(context_.options.connect_timeout_ms, "not_connected");
  created(*sdp);
}

// RFC 9725 section 4.2.
void Session::created(std::string_view sdp) {
  context_.host.log().info(
      "session opened",
      {{"door", to_string(door_)}, {"room", room_}, {"participant", participant_id_}, {"remote", address_}});
  entity_tag_ = '"' + context_.host.random_token(kEntityTagBits) + '"';
  HttpReply::Response response{
      .status = 201, .content_type = std::string{kSdpType}, .body = std::string{sdp}, .headers = {}};
  response.headers["Location"] = "/" + std::string{to_string(door_)} + "/" + path_segment(room_) + "/" + id_;
  response.headers["ETag"] = entity_tag_;
  response.headers["Accept-Patch"] = kFragmentType;
  if (std::string link = link_header(context_.host.media().ice_servers(identity_.user_id)); !link.empty()) {
    response.headers["Link"] = std::move(link);
  }
  opening_->send(std::move(response));
  opening_.reset();
}

void Session::check_caller(const Identity& caller) const {
  if (identity_.guest) return;
  if (caller.tenant != identity_.tenant) throw Error{ErrorCode::not_found, "there is no such session"};
  if (!caller.guest && caller.user_id == identity_.user_id) return;
  throw Error{ErrorCode::permission_denied, "the session belongs to another user"};
}

void Session::patch(const HttpRequest& request, Responder& reply) {
  const auto if_match = header(request, "if-match");
  // RFC 9725 section 4.3.1: without the field 428, for another state of the session 412.
  if (!if_match) throw Refusal{428, ErrorCode::conflict, "If-Match is needed: the session's ETag, or * to restart ICE"};
  if (!if_match_allows(*if_match, entity_tag_)) {
    throw Refusal{412, ErrorCode::conflict, "the session has another ETag by now: ICE was restarted"};
  }
  client_->call("sdp:fragment", json::object{{"fragment", request.body}},
                guard([this, reply = std::move(reply)](const json::value& data, const Error* error) mutable {
                  if (error != nullptr) return reply.fail(*error);
                  patched(data, reply);
                }));
}

void Session::patched(const json::value& data, Responder& reply) {
  auto fragment = text_field(data, "fragment");
  // Section 4.3.2: candidates were taken.
  if (!fragment) return reply.send({.status = 204, .content_type = {}, .body = {}, .headers = {}});
  // Section 4.3.3: ICE was restarted, and the session is another one for If-Match.
  entity_tag_ = '"' + context_.host.random_token(kEntityTagBits) + '"';
  reply.send({.status = 200,
              .content_type = std::string{kFragmentType},
              .body = std::move(*fragment),
              .headers = {{"ETag", entity_tag_}}});
}

void Session::leave() {
  LocalClient& client = *client_;
  client.call("room:leave", json::object(),
              [gone = std::move(client_)](const json::value&, const Error*) mutable { gone.reset(); });
}

void Session::handle(std::string_view event, const json::value& data) {
  if (event == "room:joined") return joined(data);
  if (event == "room:denied") return end("refused", denial(data));
  if (event == "room:closed") return end("room_closed", Error{ErrorCode::room_closed, "the room was closed"});
  if (event == "participant:removed") {
    return end("removed", Error{ErrorCode::admission_denied, "you were taken out of the room"});
  }
  if (event == "unmute:requested" && door_ == Door::whip) return unmute(data);
  if (event.starts_with("transport:") && state_ >= State::connecting) handle_transport(event);
}

// An encoder has nobody to press a button: what a moderator had muted is heard and seen again as soon as it may be.
void Session::unmute(const json::value& data) {
  const auto kind = text_field(data, "kind");
  const char* source = kind == "audio" ? "mic" : "webcam";
  client_->call("media:toggle", json::object{{"source", source}, {"enabled", true}},
                [](const json::value&, const Error*) {});
}

void Session::handle_transport(std::string_view event) {
  if (event == "transport:failed") return end("failed", ended());
  if (event == "transport:connected") {
    state_ = State::connected;
    deadline_.cancel();
  } else if (event == "transport:disconnected") {
    state_ = State::disconnected;
    end_after(context_.options.reconnect_timeout_ms, "lost");
  }
}

void Session::end_after(Duration wait, std::string_view reason) {
  deadline_ = context_.host.timers().after(wait, [this, reason] {
    end(reason, Error{ErrorCode::timeout, state_ == State::held ? "nobody let you in" : "the room did not answer"});
  });
}

void Session::end(std::string_view reason, const Error& error) {
  if (opening_) {
    opening_->fail(error);
    opening_.reset();
  }
  table_.end(*this, reason);
}

json::object Session::report() const {
  static constexpr std::array<std::string_view, 6> kStates{"joining",    "held",      "negotiating",
                                                           "connecting", "connected", "disconnected"};
  const auto age = context_.host.timers().now() - since_;
  return {{"door", to_string(door_)},
          {"room", room_},
          {"tenant", identity_.tenant},
          {"userId", identity_.user_id},
          {"participantId", participant_id_},
          {"remote", address_},
          {"state", kStates.at(static_cast<std::size_t>(state_))},
          {"ageSeconds", std::chrono::duration_cast<std::chrono::seconds>(age).count()}};
}

}  // namespace sluice::whip
