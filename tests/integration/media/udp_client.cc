#include "tests/integration/media/udp_client.h"

#include <array>
#include <chrono>

namespace sluice::test {

UdpClient::UdpClient(Transport& transport, const Clock& clock)
    : MediaClient{transport, clock}, gateway_{candidate_of(transport, IceProtocol::udp)} {
  connect(transport);
}

void UdpClient::pump() {
  std::array<std::uint8_t, 2048> buffer;
  while (const auto received = socket_.receive(buffer, std::chrono::milliseconds{0})) {
    peer().handle_datagram(received->packet, now());
  }
  peer().handle_timeout(now());
}

}  // namespace sluice::test
