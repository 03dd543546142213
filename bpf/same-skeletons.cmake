# cmake -P same-skeletons.cmake NEW OLD : fails unless both skeletons have the same maps and programs, and the same variables at
# the same places, which follow from the order in which the code uses them: user space opens either object by the first one.
function(read_parts file maps_and_programs variables)
	file(READ ${file} text)
	string(REGEX REPLACE "#ifdef __cplusplus.*" "" text "${text}")
	string(REGEX REPLACE "ebtop_old_bpf" "ebtop_bpf" text "${text}")
	string(REGEX MATCHALL "struct bpf_(map|program) \\*[a-z0-9_]+" named "${text}")
	list(SORT named)
	string(FIND "${text}" "struct ebtop_bpf__" begin)
	string(SUBSTRING "${text}" ${begin} -1 text)
	set(${maps_and_programs} "${named}" PARENT_SCOPE)
	set(${variables} "${text}" PARENT_SCOPE)
endfunction()

read_parts(${CMAKE_ARGV3} new_named new_variables)
read_parts(${CMAKE_ARGV4} old_named old_variables)
if(NOT new_named STREQUAL old_named OR NOT new_variables STREQUAL old_variables)
	message(FATAL_ERROR "The two forms of the BPF programs differ in maps, programs or variables: ${CMAKE_ARGV3}, ${CMAKE_ARGV4}")
endif()
