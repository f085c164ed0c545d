# SPDX-License-Identifier: Apache-2.0
"""A foreign Modbus RTU board: pymodbus's own server on a pseudo-terminal, bridged to another one for the driver.

Prints `tty PATH`, then `coil N 0|1` at every change of a coil. Reads `input N 0|1` lines; ends at end of input.
"""
import asyncio
import logging
import os
import sys
import threading
import tty

from pymodbus import pymodbus_apply_logging_config
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer


pymodbus_apply_logging_config(logging.ERROR)


def raw_pair():
    master, slave = os.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    return master, slave


def bridge(source, target):
    while True:
        try:
            data = os.read(source, 512)
        except OSError:
            return
        os.write(target, data)


driver_master, driver_slave = raw_pair()
server_master, server_slave = raw_pair()
for ends in ((driver_master, server_master), (server_master, driver_master)):
    threading.Thread(target=bridge, args=ends, daemon=True).start()

coils = ModbusSequentialDataBlock(1, [0] * 16)
inputs = ModbusSequentialDataBlock(1, [0] * 16)
registers = ModbusSequentialDataBlock(1, [0] * 16)
device = ModbusDeviceContext(co=coils, di=inputs, hr=registers, ir=registers)
context = ModbusServerContext(devices={1: device}, single=False)


READ_COILS, READ_INPUTS = 1, 2


def obey(server, loop):
    for line in sys.stdin:
        word, number, value = line.split()
        if word == "input":
            change = server.async_setValues(1, READ_INPUTS, int(number) - 1, [bool(int(value))])
            asyncio.run_coroutine_threadsafe(change, loop)
    os._exit(0)


async def watch(server):
    before = [0] * 8
    while True:
        now = [int(value) for value in await server.async_getValues(1, READ_COILS, 0, 8)]
        for index, value in enumerate(now):
            if value != before[index]:
                print("coil", index + 1, value, flush=True)
        before = now
        await asyncio.sleep(0.005)


async def main():
    server = ModbusSerialServer(
        context, framer=FramerType.RTU, port=os.ttyname(server_slave), baudrate=9600
    )
    threading.Thread(target=obey, args=(server, asyncio.get_running_loop()), daemon=True).start()
    asyncio.get_running_loop().create_task(watch(server))
    print("tty", os.ttyname(driver_slave), flush=True)
    await server.serve_forever()


asyncio.run(main())
