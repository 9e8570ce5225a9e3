// The doors on a listener of their own, for the scripts beside this file. Prints its port, runs until stdin ends.
//   signalling_test_server [pingIntervalMs pingTimeoutMs]

#include <openssl/rand.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "core/net/http_server.h"
#include "core/signalling/socket_io_door.h"
#include "core/signalling/web_socket_door.h"
#include "tests/integration/signalling/control_loop.h"
#include "tests/integration/signalling/echo_handler.h"

namespace {

using namespace std::chrono_literals;

class SystemClock final : public sluice::Clock {
 public:
  [[nodiscard]] sluice::Instant now() const noexcept override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] sluice::WallTime wall_time() const noexcept override { return std::chrono::system_clock::now(); }
};

sluice::SocketIoDoorOptions read_options(int count, char** arguments) {
  sluice::SocketIoDoorOptions options;
  if (count == 3) {
    options.engine.ping_interval = std::chrono::milliseconds{std::atoi(arguments[1])};
    options.engine.ping_timeout = std::chrono::milliseconds{std::atoi(arguments[2])};
  }
  return options;
}

int serve(const sluice::SocketIoDoorOptions& options) {
  const SystemClock clock;
  sluice::test::EchoHandler handler;
  sluice::SocketIoDoor* ticking = nullptr;
  sluice::test::ControlLoop control{20ms, [&ticking] {
                                      if (ticking != nullptr) ticking->tick();
                                    }};
  sluice::ControlBridge bridge{handler, [&control](std::function<void()> work) { control.post(std::move(work)); }};
  sluice::SocketIoDoor socket_io{options, bridge, clock, [](sluice::MutableBytes bytes) {
                                   if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::terminate();
                                 }};
  sluice::WebSocketDoor plain{options.socket_io.events, bridge, clock};

  sluice::net::HttpServer server{2};
  sluice::net::ListenerOptions listener;
  listener.address = "127.0.0.1";
  listener.cors_origins = {"https://app.example.org"};
  auto& bound = server.listen(listener);
  socket_io.add_routes(bound.router());
  plain.add_routes(bound.router());
  control.post([&] { ticking = &socket_io; });
  server.start();

  std::cout << bound.port() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());

  server.stop();
  control.stop();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return serve(read_options(count, arguments));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
