#include "../core/plugin.h"
