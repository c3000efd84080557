import 'reflect-metadata';
import { LolCommand } from './cli/lol-command.js';
import { LolModule } from './lol.module.js';

type Provider = new (sessions: null) => { example: string };
type Described = { name: string; description: string };

const providers = Reflect.getMetadata('providers', LolModule) as Provider[];
const commands = providers.filter(({ prototype }) => prototype instanceof LolCommand);

test('every command has a description, and an example that is one of its own', () => {
  expect(commands.length).toBeGreaterThan(12);
  for (const Command of commands) {
    const { name, description } = Reflect.getMetadata('CommandBuilder:Command:Meta', Command) as Described;
    expect(description.length).toBeGreaterThan(20);
    expect(new Command(null).example).toContain(`npm run lol -- ${name}`);
  }
});
