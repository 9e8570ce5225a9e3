#pragma once

#include <string>

#include "sluice/config.h"

namespace sluice::testing {

struct ProbeOptions {
  std::string greeting = "hello";
  int fixed = 1;
  Secret secret;

  static Schema<ProbeOptions> schema() {
    using Options = ProbeOptions;
    return Schema<Options>{"Events that a test asks for."}
        .option("greeting", &Options::greeting, "What probe:options tells.")
        .reloadable()
        .option("fixed", &Options::fixed, "Stays until a restart.")
        .option("secret", &Options::secret, "Must never be seen.");
  }
};

}  // namespace sluice::testing
