#include <doctest/doctest.h>

#include "sluice/testing/fake_host.h"

extern "C" const sluice::PluginDescriptor sluice_plugin;

using namespace sluice;
using namespace sluice::testing;

namespace {

struct EchoGateway {
  explicit EchoGateway(json::object options = {}) { plugin->start(host, Config{json::value(std::move(options))}); }
  FakeClient& person(const char* user) {
    Identity identity;
    identity.user_id = user;
    return host.connect(std::move(identity));
  }
  std::string transport(FakeClient& client) {
    return std::string{host.call(client, "echo:transport")["id"].as_string()};
  }
  Answer produce(FakeClient& client, const std::string& send, const std::string& recv) {
    return host.call(client, "echo:produce",
                     json::object{{"sendTransportId", send},
                                  {"recvTransportId", recv},
                                  {"kind", "audio"},
                                  {"rtpParameters", json::object{{"codecs", json::array{}}}},
                                  {"rtpCapabilities", json::object{}}});
  }
  FakeHost host{"echo"};
  std::unique_ptr<Plugin> plugin = sluice_plugin.create();
};

}  // namespace

TEST_CASE("a client's track comes back on its other transport") {
  EchoGateway gateway;
  FakeClient& anna = gateway.person("anna");
  CHECK(gateway.host.call(anna, "echo:transport").code() == "CONFLICT");
  CHECK(gateway.host.call(anna, "echo:join")["rtpCapabilities"].at("codecs").as_array().size() == 2);
  const std::string send = gateway.transport(anna);
  const std::string recv = gateway.transport(anna);
  CHECK(gateway.host.call(anna, "echo:transport").code() == "LIMIT_EXCEEDED");
  const Answer answer = gateway.produce(anna, send, recv);
  REQUIRE(answer.ok());
  const FakeConsumer& consumer = gateway.host.media().consumer(std::string{answer["id"].as_string()});
  CHECK(consumer.producer_id() == answer["producerId"].as_string());
  CHECK(consumer.transport_id == recv);
  CHECK(gateway.produce(anna, send, "another's").code() == "NOT_FOUND");

  SUBCASE("leaving closes everything") { CHECK(gateway.host.call(anna, "echo:leave").ok()); }
  SUBCASE("so does a lost connection") { gateway.host.disconnect(anna); }
  CHECK(gateway.host.media().transports.empty());
  CHECK(gateway.host.media().producers.empty());
}

TEST_CASE("the number of clients is bounded") {
  EchoGateway gateway{{{"max_clients", 1}}};
  CHECK(gateway.host.call(gateway.person("anna"), "echo:join").ok());
  CHECK(gateway.host.call(gateway.person("ben"), "echo:join").code() == "LIMIT_EXCEEDED");
}
