using Decent.Sandbox;

return await SandboxCommands.RunAsync(args);
