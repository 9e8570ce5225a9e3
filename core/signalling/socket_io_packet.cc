#include "core/signalling/socket_io_packet.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "core/signalling/json_text.h"

namespace sluice {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes the leading digits. nullopt when there are none, or when they pass `max`.
std::optional<std::int64_t> take_number(std::string_view& text, std::int64_t max) noexcept {
  std::int64_t number = 0;
  std::size_t length = 0;
  for (; length < text.size() && is_digit(text[length]); ++length) {
    number = number * 10 + (text[length] - '0');
    if (number > max) return std::nullopt;
  }
  if (length == 0) return std::nullopt;
  text.remove_prefix(length);
  return number;
}

bool is_binary(SocketIoType type) noexcept {
  return type == SocketIoType::binary_event || type == SocketIoType::binary_ack;
}

/// "/meeting?a=b," -> "/meeting". The query served revision 4 (Socket.IO 2); revision 5 has the auth payload.
std::optional<std::string> take_namespace(std::string_view& text) {
  if (!text.starts_with('/')) return "/";
  const std::size_t comma = text.find(',');
  const std::string_view whole = text.substr(0, comma);
  const std::string_view name = whole.substr(0, whole.find('?'));
  if (whole.size() > kMaxNamespaceBytes) return std::nullopt;
  text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  return std::string{name};
}

bool payload_fits(SocketIoType type, const boost::json::value& data) noexcept {
  switch (type) {
    case SocketIoType::connect:
      return data.is_null() || data.is_object();
    case SocketIoType::disconnect:
      return data.is_null();
    case SocketIoType::connect_error:
      return data.is_object() || data.is_string();
    case SocketIoType::event:
    case SocketIoType::binary_event:
      return data.is_array() && !data.get_array().empty() && data.get_array().front().is_string();
    case SocketIoType::ack:
    case SocketIoType::binary_ack:
      return data.is_array();
  }
  return false;
}

/// "4", the type, and the namespace unless it is the main one.
std::string frame_start(SocketIoType type, std::string_view ns) {
  std::string frame{"4"};
  frame.push_back(static_cast<char>('0' + static_cast<int>(type)));
  if (ns != "/") frame.append(ns).push_back(',');
  return frame;
}

}  // namespace

Result<SocketIoPacket, SocketIoError> parse_socket_io_packet(std::string_view text) {
  if (text.empty()) return SocketIoError::empty;
  if (text.front() < '0' || text.front() > '6') return SocketIoError::unknown_type;
  SocketIoPacket packet{.type = static_cast<SocketIoType>(text.front() - '0'), .ns = {}, .id = {}, .data = {}};
  text.remove_prefix(1);

  if (is_binary(packet.type)) {
    const auto attachments = take_number(text, kMaxAttachments);
    if (!attachments || *attachments == 0 || !text.starts_with('-')) return SocketIoError::bad_attachments;
    text.remove_prefix(1);
  }
  auto ns = take_namespace(text);
  if (!ns) return SocketIoError::bad_namespace;
  packet.ns = std::move(*ns);

  if (!text.empty() && is_digit(text.front())) {
    packet.id = take_number(text, kMaxAckNumber);
    if (!packet.id) return SocketIoError::bad_id;
  }
  if (!text.empty()) {
    auto data = parse_json_text(text);
    if (!data) return SocketIoError::bad_json;
    packet.data = std::move(*data);
  }
  if (!payload_fits(packet.type, packet.data)) return SocketIoError::bad_payload;
  return packet;
}

std::string socket_io_connect_frame(std::string_view ns, std::string_view sid) {
  return frame_start(SocketIoType::connect, ns) + boost::json::serialize(boost::json::object{{"sid", sid}});
}

std::string socket_io_connect_error_frame(std::string_view ns, const Error& error) {
  const boost::json::object payload{{"message", error.what()},
                                    {"data", {{"code", to_string(error.code())}, {"details", error.details()}}}};
  return frame_start(SocketIoType::connect_error, ns) + boost::json::serialize(payload);
}

std::string socket_io_disconnect_frame(std::string_view ns) { return frame_start(SocketIoType::disconnect, ns); }

std::string socket_io_event_frame(std::string_view ns, std::string_view name, const boost::json::value& data) {
  std::string frame = frame_start(SocketIoType::event, ns);
  frame.push_back('[');
  frame.append(boost::json::serialize(name)).push_back(',');
  frame.append(boost::json::serialize(data)).push_back(']');
  return frame;
}

std::string socket_io_ack_frame(std::string_view ns, std::int64_t id, const boost::json::value& answer) {
  std::string frame = frame_start(SocketIoType::ack, ns);
  frame.append(std::to_string(id)).push_back('[');
  frame.append(boost::json::serialize(answer)).push_back(']');
  return frame;
}

}  // namespace sluice
