#include "core/config/suggestion.h"

#include <doctest/doctest.h>

#include <vector>

namespace sluice::config {

TEST_CASE("the nearest word is suggested, and none where all are far") {
  const std::vector<std::string> words{"port", "address", "max_connections", "tls"};
  CHECK(nearest("prot", words) == "port");  // swapped neighbours are one edit
  CHECK(nearest("ports", words) == "port");
  CHECK(nearest("adress", words) == "address");
  CHECK(nearest("max_conections", words) == "max_connections");
  CHECK(nearest("maxConnections", words) == "max_connections");
  CHECK_FALSE(nearest("verbose", words));
  CHECK_FALSE(nearest("xyz", words));
  CHECK_FALSE(nearest("", words));
  CHECK_FALSE(nearest(std::string(10'000, 'p'), words));
  CHECK_FALSE(nearest("port", std::vector<std::string>{}));
}

}  // namespace sluice::config
