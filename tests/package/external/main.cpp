// SPDX-License-Identifier: GPL-3.0-only
// The shop as a program.
#include "shop.h"

#include <Quiesce/Program>

int main(int argc, char *argv[])
{
    quiesce::Program program(argc, argv, { .name = "shop", .version = "1.0" });
    Shop shop;
    shop.openIn(program.service());
    return program.run();
}
