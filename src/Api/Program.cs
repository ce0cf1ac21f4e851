using Decent.Api;

return await HostCommands.RunAsync(args);
