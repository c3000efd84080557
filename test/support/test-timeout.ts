// Finds what hangs; says nothing about speed: the machine may be busy. (Jest ignores `testTimeout` within a project.)
jest.setTimeout(120_000);
