#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/error.h"
#include "sluice/result.h"

/// Socket.IO protocol, revision 5 (Socket.IO 3 and 4): https://github.com/socketio/socket.io-protocol
namespace sluice {

/// The first character of a packet, "0" to "6".
enum class SocketIoType : std::uint8_t { connect, disconnect, event, ack, connect_error, binary_event, binary_ack };

/// One packet:
///
///     <type>[<attachments>-][<namespace>[?<query>],][<ack id>][<JSON>]
///     2/meeting,12["chat:send",{"message":"hi"}]
struct SocketIoPacket {
  SocketIoType type = SocketIoType::event;
  std::string ns = "/";
  std::optional<std::int64_t> id;
  /// connect: the auth payload, an object or null. event, ack: a non-empty array or an array.
  boost::json::value data;
};

enum class SocketIoError : std::uint8_t {
  empty,
  unknown_type,
  bad_attachments,
  bad_namespace,
  bad_id,
  bad_json,
  bad_payload  ///< JSON that does not belong to the packet's type
};

inline constexpr std::size_t kMaxNamespaceBytes = 128;
/// Number.MAX_SAFE_INTEGER: the ack ids of a JavaScript client count up from 0 and cannot pass it.
inline constexpr std::int64_t kMaxAckNumber = (std::int64_t{1} << 53) - 1;
inline constexpr std::int64_t kMaxAttachments = 10;

/// @param text  The data of an Engine.IO message packet.
[[nodiscard]] Result<SocketIoPacket, SocketIoError> parse_socket_io_packet(std::string_view text);

/// Frames towards clients. Each is a whole Engine.IO message packet: "4" and the Socket.IO packet.
[[nodiscard]] std::string socket_io_connect_frame(std::string_view ns, std::string_view sid);
/// CONNECT_ERROR: `{"message":...,"data":{"code":...,"details":{...}}}`.
[[nodiscard]] std::string socket_io_connect_error_frame(std::string_view ns, const Error& error);
[[nodiscard]] std::string socket_io_disconnect_frame(std::string_view ns);
[[nodiscard]] std::string socket_io_event_frame(std::string_view ns, std::string_view name,
                                                const boost::json::value& data);
/// `answer` is the one argument of the client's callback.
[[nodiscard]] std::string socket_io_ack_frame(std::string_view ns, std::int64_t id, const boost::json::value& answer);

}  // namespace sluice
