#include "core/signalling/visitor.h"

#include <doctest/doctest.h>

#include "sluice/events.h"

using namespace sluice;

TEST_CASE("a WebSocket's close code tells who has left from who has lost the connection") {
  const struct {
    int code;
    DisconnectReason reason;
  } rows[] = {
      {1000, DisconnectReason::client_left},     // close(1000)
      {1001, DisconnectReason::client_left},     // the page was closed, reloaded or left
      {1002, DisconnectReason::protocol_error},  //
      {1003, DisconnectReason::protocol_error},  //
      {1005, DisconnectReason::transport_lost},  // close(): as socket.io-client does when the network is gone
      {1006, DisconnectReason::transport_lost},  // no close frame at all
      {1007, DisconnectReason::protocol_error},  //
      {1008, DisconnectReason::abuse},           // the gateway's, of who does not read
      {1009, DisconnectReason::protocol_error},  //
      {1011, DisconnectReason::transport_lost},  //
      {1013, DisconnectReason::transport_lost},  //
      {4999, DisconnectReason::transport_lost},  // an application's own
  };
  for (const auto& row : rows) {
    CAPTURE(row.code);
    CHECK(reason_of(static_cast<net::WebSocketClose>(row.code)) == row.reason);
  }
}

TEST_CASE("plugins can tell a connection that broke from one that was ended") {
  CHECK(is_lost_connection(to_string(DisconnectReason::transport_lost)));
  CHECK(is_lost_connection(to_string(DisconnectReason::ping_timeout)));
  for (const auto reason : {DisconnectReason::client_left, DisconnectReason::protocol_error, DisconnectReason::abuse,
                            DisconnectReason::server_closed}) {
    CAPTURE(to_string(reason));
    CHECK(!is_lost_connection(to_string(reason)));
  }
}
