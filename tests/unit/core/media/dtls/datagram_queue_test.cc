#include "core/media/dtls/datagram_queue.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

using namespace sluice;

TEST_CASE("datagrams come out as they went in, one by one") {
  DatagramQueue queue;
  const std::array<std::uint8_t, 3> first{1, 2, 3};
  const std::array<std::uint8_t, 1> second{9};
  CHECK(!queue.pop().has_value());
  CHECK(queue.push(first));
  CHECK(queue.push(second));
  CHECK(queue.size() == 2);
  CHECK(std::ranges::equal(queue.pop().value(), first));
  CHECK(std::ranges::equal(queue.pop().value(), second));
  CHECK(!queue.pop().has_value());
  CHECK(queue.push(second));
  CHECK(std::ranges::equal(queue.pop().value(), second));
}

TEST_CASE("a full queue takes no more until it has been drained") {
  DatagramQueue queue;
  const std::array<std::uint8_t, 1> datagram{7};
  for (std::size_t i = 0; i < DatagramQueue::kMaxDatagrams; ++i) CHECK(queue.push(datagram));
  CHECK(!queue.push(datagram));
  CHECK(queue.size() == DatagramQueue::kMaxDatagrams);
  while (queue.pop()) {
  }
  CHECK(queue.push(datagram));
}
