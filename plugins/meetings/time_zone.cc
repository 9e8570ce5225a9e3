#include "time_zone.h"

namespace sluice::meetings {}
