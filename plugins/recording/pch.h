#pragma once

// What nearly every file of the plugin reads, and what is slow to read.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sluice/bus.h"
#include "sluice/config.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"
#include "sluice/events.h"
#include "sluice/host.h"
#include "sluice/json.h"
#include "sluice/store.h"
