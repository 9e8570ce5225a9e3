#include "outputs/address_rules.h"

#include <doctest/doctest.h>

namespace sluice::livestream {
namespace {

TEST_CASE("only addresses of the public internet are public") {
  for (const auto* address :
       {"1.1.1.1",         "9.255.255.255",     "11.0.0.0",        "100.63.255.255",   "100.128.0.0",
        "126.255.255.255", "128.0.0.0",         "169.253.255.255", "172.15.255.255",   "172.32.0.0",
        "192.167.255.255", "192.169.0.0",       "198.17.255.255",  "198.20.0.0",       "223.255.255.255",
        "2606:4700::1111", "2a00:1450:4001::5", "::ffff:8.8.8.8",  "64:ff9b::808:808", "2002:808:808::1"}) {
    CAPTURE(std::string{address});
    CHECK(is_public_address(address));
  }
}

TEST_CASE("addresses of this machine, of its networks, of groups and of nobody are not") {
  for (const auto* address : {"0.0.0.0",
                              "0.1.2.3",
                              "10.0.0.1",
                              "10.255.255.255",
                              "100.64.0.1",
                              "100.127.255.255",
                              "127.0.0.1",
                              "127.255.255.255",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.8",
                              "192.0.2.1",
                              "192.168.1.1",
                              "198.18.0.1",
                              "198.19.255.255",
                              "198.51.100.1",
                              "203.0.113.1",
                              "224.0.0.1",
                              "239.255.255.255",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::10.0.0.1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "::ffff:169.254.169.254",
                              "64:ff9b::a00:1",
                              "64:ff9b:1::1",
                              "100::1",
                              "2001::1",
                              "2001:db8::1",
                              "2002:7f00:1::1",
                              "2002:a00:1::",
                              "fc00::1",
                              "fdff::1",
                              "fe80::1",
                              "febf::1",
                              "fec0::1",
                              "ff02::1"}) {
    CAPTURE(std::string{address});
    CHECK(!is_public_address(address));
  }
}

TEST_CASE("what is no address is not public") {
  for (const auto* address : {"", "localhost", "1.1.1", "0x7f.1", "fe80::1%lo", "1.1.1.1 ", "[::1]"}) {
    CAPTURE(std::string{address});
    CHECK(!is_public_address(address));
  }
}

}  // namespace
}  // namespace sluice::livestream
