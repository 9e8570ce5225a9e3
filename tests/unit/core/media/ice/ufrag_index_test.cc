#include "core/media/ice/ufrag_index.h"

#include <doctest/doctest.h>

#include <array>

#include "core/media/ice/stun_message.h"

namespace sluice {
namespace {

struct Request {
  std::array<std::uint8_t, kMaxStunMessageSize> buffer{};
  Bytes bytes;
  explicit Request(std::string_view username) {
    BindingRequest request;
    request.username = username;
    request.password = "whatever";
    bytes = write_binding_request(request, buffer);
  }
};

TEST_CASE("the local ufrag is the part of USERNAME before the colon") {
  CHECK(peek_local_ufrag(Request{"gateway1:peer"}.bytes) == "gateway1");
  CHECK(peek_local_ufrag(Request{"gateway1:"}.bytes) == "gateway1");
  CHECK(peek_local_ufrag(Request{"gateway1"}.bytes).empty());
  CHECK(peek_local_ufrag(Request{"gw:peer"}.bytes).empty());        // shorter than RFC 8445 allows
  CHECK(peek_local_ufrag(Request{"gate way:peer"}.bytes).empty());  // not an ice-char
  CHECK(peek_local_ufrag(Request{""}.bytes).empty());
}

TEST_CASE("a datagram cut off anywhere gives the ufrag or nothing, and is not read past its end") {
  const Request request{"gateway1:peer"};
  for (std::size_t size = 0; size < request.bytes.size(); ++size) {
    const std::vector<std::uint8_t> cut(request.bytes.begin(), request.bytes.begin() + static_cast<long>(size));
    const auto ufrag = peek_local_ufrag(cut);
    CHECK((ufrag.empty() || ufrag == "gateway1"));
  }
}

TEST_CASE("a request finds the transport whose ufrag it names") {
  UfragIndex<int> index{2};
  CHECK(index.insert("gateway1", 1));
  CHECK(index.insert("gateway2", 2));
  const Request request{"gateway2:peer"};
  REQUIRE(index.find_by_request(request.bytes) != nullptr);
  CHECK(*index.find_by_request(request.bytes) == 2);
  CHECK(index.find_by_request(Request{"gateway3:peer"}.bytes) == nullptr);

  index.erase("gateway2");
  CHECK(index.find_by_request(request.bytes) == nullptr);
  index.erase("gateway2");
  CHECK(index.size() == 1);
}

TEST_CASE("a ufrag in use and one too many are refused") {
  UfragIndex<int> index{2};
  CHECK(index.insert("gateway1", 1));
  CHECK(!index.insert("gateway1", 2));
  CHECK(*index.find("gateway1") == 1);
  CHECK(index.insert("gateway2", 2));
  CHECK(!index.insert("gateway3", 3));
}

TEST_CASE("a tuple belongs to the transport that validated it last, and only that one removes it") {
  TupleIndex<int> index{2};
  const IceTuple tuple{.remote = SocketAddress::parse("192.0.2.1", 9).value(), .socket = 0};
  CHECK(index.insert(tuple, 1));
  CHECK(index.insert(tuple, 2));
  CHECK(*index.find(tuple) == 2);
  index.erase(tuple, 1);
  CHECK(index.find(tuple) != nullptr);
  index.erase(tuple, 2);
  CHECK(index.find(tuple) == nullptr);
}

TEST_CASE("one address by two sockets is two tuples") {
  TupleIndex<int> index{2};
  const SocketAddress address = SocketAddress::parse("192.0.2.1", 9).value();
  CHECK(index.insert({.remote = address, .socket = 0}, 1));
  CHECK(index.insert({.remote = address, .socket = 1}, 2));
  CHECK(*index.find({.remote = address, .socket = 0}) == 1);
  CHECK(*index.find({.remote = address, .socket = 1}) == 2);
  CHECK(index.find({.remote = address, .socket = 2}) == nullptr);
}

TEST_CASE("tuples are bounded, though one that is known can always move") {
  TupleIndex<int> index{2};
  const SocketAddress address = SocketAddress::parse("192.0.2.1", 1).value();
  CHECK(index.insert({.remote = address}, 1));
  CHECK(index.insert({.remote = address.with_port(2)}, 1));
  CHECK(!index.insert({.remote = address.with_port(3)}, 1));
  CHECK(index.insert({.remote = address}, 2));
  CHECK(index.size() == 2);
}

}  // namespace
}  // namespace sluice
