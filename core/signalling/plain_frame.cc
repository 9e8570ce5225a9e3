#include "core/signalling/plain_frame.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/signalling/event_name.h"
#include "core/signalling/json_text.h"

namespace sluice {
namespace {

namespace json = boost::json;

Error invalid(const std::string& message, std::string_view path) {
  return Error{ErrorCode::invalid_payload, message, {{"path", path}}};
}

std::string_view reason(JsonTextError error) noexcept {
  switch (error) {
    case JsonTextError::too_deep:
      return "the frame is nested too deeply";
    case JsonTextError::too_big:
      return "the frame is too big";
    case JsonTextError::not_json:
      break;
  }
  return "the frame is not JSON";
}

/// An integer within JavaScript's exact range, or a short string; anything else is no id.
std::optional<AckId> read_id(const json::value& value) {
  constexpr std::int64_t kMaxExact = (std::int64_t{1} << 53) - 1;
  if (const auto* number = value.if_int64(); number != nullptr && *number <= kMaxExact && *number >= -kMaxExact) {
    return *number;
  }
  if (const auto* text = value.if_string(); text != nullptr && text->size() <= kMaxPlainIdBytes) {
    return std::string{*text};
  }
  return std::nullopt;
}

json::value id_value(const AckId& id) {
  return std::visit([](const auto& value) { return json::value(value); }, id);
}

}  // namespace

Result<PlainFrame, PlainFrameError> parse_plain_frame(std::string_view text) {
  auto parsed = parse_json_text(text);
  if (!parsed) return PlainFrameError{{}, {}, invalid(std::string{reason(parsed.error())}, "")};
  auto* object = parsed->if_object();
  if (object == nullptr) return PlainFrameError{{}, {}, invalid("the frame must be an object", "")};

  PlainFrame frame;
  if (const auto* id = object->if_contains("id"); id != nullptr && !id->is_null()) {
    frame.id = read_id(*id);
    if (!frame.id) return PlainFrameError{{}, {}, invalid("id: must be an integer or a short string", "id")};
  }
  const auto* event = object->if_contains("event");
  if (event == nullptr) return PlainFrameError{frame.id, {}, invalid("event: is missing", "event")};
  if (!event->is_string() || !is_event_name(event->get_string())) {
    return PlainFrameError{frame.id, {}, invalid("event: is no event name", "event")};
  }
  frame.event = event->get_string();
  if (auto* data = object->if_contains("data")) frame.data = std::move(*data);
  return frame;
}

std::string plain_ack_frame(const AckId& id, const json::value& data) {
  return json::serialize(json::object{{"id", id_value(id)}, {"ok", true}, {"data", data}});
}

std::string plain_ack_frame(const AckId& id, const Error& error) {
  return json::serialize(json::object{{"id", id_value(id)}, {"ok", false}, {"error", error.to_json()}});
}

std::string plain_event_frame(std::string_view event, const json::value& data) {
  std::string frame{R"({"event":)"};
  frame.append(json::serialize(event)).append(R"(,"data":)").append(json::serialize(data)).push_back('}');
  return frame;
}

json::value error_event_data(std::string_view event, const Error& error) {
  json::object data{{"event", event}};
  for (auto& [key, value] : error.to_json()) data[key] = value;
  return data;
}

}  // namespace sluice
